/*
 * Running a command by the shell.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * While the command runs it alone is interrupted from the keyboard: the caller ignores SIGINT
 * and SIGQUIT and leaves SIGCHLD pending. Returns the wait status, or -1.
 */
int system(const char *command) {
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct sigaction old_int, old_quit;
    sigset_t child, old_mask;
    int status = -1;
    pid_t pid;

    if (command == NULL)
        return access("/bin/sh", X_OK) == 0;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &old_mask);
    sigaction(SIGINT, &ignore, &old_int);
    sigaction(SIGQUIT, &ignore, &old_quit);
    pid = fork();
    if (pid == 0) {
        sigaction(SIGINT, &old_int, NULL);
        sigaction(SIGQUIT, &old_quit, NULL);
        sigprocmask(SIG_SETMASK, &old_mask, NULL);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            break;
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGQUIT, &old_quit, NULL);
    sigprocmask(SIG_SETMASK, &old_mask, NULL);
    return status;
}
