/*
 * Processes: ending them, waiting, groups, identities, limits.
 */
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child that shared the parent's stack could return over it, so vfork is fork. */
pid_t vfork(void) {
    return fork();
}

void _exit(int status) {
    for (;;)
        syscall(SYS_exit_group, status);
}

pid_t waitpid(pid_t pid, int *status, int options) {
    return wait4(pid, status, options, NULL);
}

pid_t wait(int *status) {
    return wait4(-1, status, 0, NULL);
}

pid_t wait3(int *status, int options, struct rusage *usage) {
    return wait4(-1, status, options, usage);
}

int waitid(int type, id_t id, siginfo_t *info, int options) {
    return syscall(SYS_waitid, type, id, info, options, NULL);
}

pid_t getpgrp(void) {
    return getpgid(0);
}

int seteuid(uid_t uid) {
    return setresuid(-1, uid, -1);
}

int setegid(gid_t gid) {
    return setresgid(-1, gid, -1);
}

int getrlimit(int resource, struct rlimit *limit) {
    return prlimit(0, resource, NULL, limit);
}

int setrlimit(int resource, const struct rlimit *limit) {
    return prlimit(0, resource, limit, NULL);
}

/* The kernel answers 20 - nice, so that no valid answer is negative. */
int getpriority(int which, id_t who) {
    long result = syscall(SYS_getpriority, which, who);

    return result < 0 ? -1 : 20 - result;
}

int nice(int increment) {
    int old = getpriority(PRIO_PROCESS, 0);

    return setpriority(PRIO_PROCESS, 0, old + increment) < 0 ? -1 : old + increment;
}
