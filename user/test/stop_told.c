/*
 * What a parent hears of stops, continuations and ends: waitid and SIGCHLD.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/handler.h"
#include "common/stopping.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int exit_3(void *unused) {
    (void)unused;
    return 3;
}

static siginfo_t info;

static int waitid_for(pid_t pid, int options) {
    memset(&info, 0x55, sizeof(info));
    errno = 0;
    return waitid(P_PID, pid, &info, options);
}

static bool info_is(pid_t pid, int code, int status) {
    return info.si_signo == SIGCHLD && info.si_code == code && info.si_pid == pid &&
           info.si_uid == getuid() && info.si_status == status;
}

static void test_waitid(void) {
    pid_t pid = child_start(count_up, NULL);

    CHECK("nothing yet", waitid_for(pid, WEXITED | WSTOPPED | WNOHANG) == 0 && info.si_pid == 0 &&
                             info.si_signo == 0);
    CHECK("no options", waitid_for(pid, WNOHANG) == -1 && errno == EINVAL);
    CHECK("no such child", waitid_for(getpid(), WEXITED) == -1 && errno == ECHILD);
    CHECK("no such type", waitid(9, pid, &info, WEXITED) == -1 && errno == EINVAL);
    kill(pid, SIGSTOP);
    CHECK("stopped, looked at", waitid_for(pid, WSTOPPED | WNOWAIT) == 0 &&
                                    info_is(pid, CLD_STOPPED, SIGSTOP));
    CHECK("and taken", waitid_for(pid, WSTOPPED) == 0 && info_is(pid, CLD_STOPPED, SIGSTOP) &&
                           waitid_for(pid, WSTOPPED | WNOHANG) == 0 && info.si_pid == 0);
    kill(pid, SIGCONT);
    CHECK("continued", waitid_for(pid, WCONTINUED) == 0 && info_is(pid, CLD_CONTINUED, SIGCONT));
    kill(pid, SIGKILL);
    CHECK("killed, looked at", waitid_for(pid, WEXITED | WNOWAIT) == 0 &&
                                   info_is(pid, CLD_KILLED, SIGKILL));
    CHECK("and reaped", waitid(P_PGID, 0, &info, WEXITED) == 0 && info_is(pid, CLD_KILLED, SIGKILL));
    pid = child_start(exit_3, NULL);
    CHECK("exited", waitid(P_ALL, 0, &info, WEXITED) == 0 && info_is(pid, CLD_EXITED, 3));
}

static bool chld_is(pid_t pid, int code, int status) {
    calls_reach(1);
    info = told;
    calls = 0;
    return info_is(pid, code, status);
}

static void test_sigchld(void) {
    pid_t pid;

    handle(SIGCHLD, SA_RESTART, note_call);
    pid = child_start(count_up, NULL);
    kill(pid, SIGSTOP);
    CHECK("SIGCHLD: stopped", chld_is(pid, CLD_STOPPED, SIGSTOP));
    kill(pid, SIGCONT);
    CHECK("SIGCHLD: continued", chld_is(pid, CLD_CONTINUED, SIGCONT));
    kill(pid, SIGTERM);
    CHECK("SIGCHLD: killed", chld_is(pid, CLD_KILLED, SIGTERM));
    child_wait(pid);
    pid = child_start(exit_3, NULL);
    CHECK("SIGCHLD: exited", chld_is(pid, CLD_EXITED, 3));
    child_wait(pid);
    pid = child_start(count_up, NULL);
    handle(SIGCHLD, SA_NOCLDSTOP | SA_RESTART, note_call);
    kill(pid, SIGSTOP);
    stopped_by(pid, SIGSTOP);
    kill(pid, SIGCONT);
    continued(pid);
    CHECK("SA_NOCLDSTOP", calls == 0);
    child_end(pid);
    CHECK("... is about stops", chld_is(pid, CLD_KILLED, SIGKILL));
    signal(SIGCHLD, SIG_DFL);
}

int main(void) {
    shared_make();
    test_waitid();
    test_sigchld();
    return check_done();
}
