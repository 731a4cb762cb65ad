#include "stopping.h"
#include "child.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

volatile struct shared *shared;

void shared_make(void) {
    shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

int count_up(void *unused) {
    (void)unused;
    for (;;)
        shared->counter++;
    return 0;
}

int wait_status(pid_t pid, int options) {
    int status = -1;
    pid_t got = waitpid(pid, &status, options);

    return got == pid ? status : got == 0 ? NOTHING : -1;
}

bool stopped_by(pid_t pid, int sig) {
    int status = wait_status(pid, WUNTRACED);

    return WIFSTOPPED(status) && WSTOPSIG(status) == sig;
}

bool continued(pid_t pid) {
    return WIFCONTINUED(wait_status(pid, WCONTINUED));
}

void child_end(pid_t pid) {
    kill(pid, SIGKILL);
    child_wait(pid);
}

void note_shared(int sig) {
    (void)sig;
    shared->calls++;
}

void wait_stage(int stage) {
    while (shared->stage != stage)
        usleep(500);
}

bool shared_calls_reach(int calls) {
    for (int i = 0; i < 1000 && shared->calls < calls; i++)
        usleep(1000);
    return shared->calls == calls;
}
