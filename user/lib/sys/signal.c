/*
 * Signals: the calls that tell the kernel the size of a set, and sets themselves.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

int sigaction(int sig, const struct sigaction *action, struct sigaction *old) {
    return syscall(SYS_rt_sigaction, sig, action, old, SIGSET_SIZE);
}

sighandler_t signal(int sig, sighandler_t handler) {
    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
    struct sigaction old;

    return sigaction(sig, &action, &old) < 0 ? SIG_ERR : old.sa_handler;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old) {
    return syscall(SYS_rt_sigprocmask, how, set, old, SIGSET_SIZE);
}

int sigpending(sigset_t *set) {
    return syscall(SYS_rt_sigpending, set, SIGSET_SIZE);
}

int sigsuspend(const sigset_t *mask) {
    return syscall(SYS_rt_sigsuspend, mask, SIGSET_SIZE);
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout) {
    return syscall(SYS_rt_sigtimedwait, set, info, timeout, SIGSET_SIZE);
}

int sigwaitinfo(const sigset_t *set, siginfo_t *info) {
    return sigtimedwait(set, info, NULL);
}

int sigwait(const sigset_t *set, int *sig) {
    int result;

    do
        result = sigwaitinfo(set, NULL);
    while (result < 0 && errno == EINTR);
    if (result < 0)
        return errno;
    *sig = result;
    return 0;
}

int sigqueue(pid_t pid, int sig, union sigval value) {
    siginfo_t info = { .si_signo = sig, .si_code = SI_QUEUE };

    info.si_pid = getpid();
    info.si_uid = getuid();
    info.si_value = value;
    return syscall(SYS_rt_sigqueueinfo, pid, sig, &info);
}

int raise(int sig) {
    return tgkill(getpid(), gettid(), sig);
}

int killpg(pid_t group, int sig) {
    return kill(-group, sig);
}

int pause(void) {
    sigset_t mask;

    sigprocmask(SIG_BLOCK, NULL, &mask);
    return sigsuspend(&mask);
}

unsigned int alarm(unsigned int seconds) {
    struct itimerval value = { .it_value.tv_sec = seconds };
    struct itimerval old;

    if (setitimer(ITIMER_REAL, &value, &old) < 0)
        return 0;
    return old.it_value.tv_sec + (old.it_value.tv_usec > 0);
}

int sigemptyset(sigset_t *set) {
    set->bits = 0;
    return 0;
}

int sigfillset(sigset_t *set) {
    set->bits = ~0ul;
    return 0;
}

/* The bit of a signal, or 0 and EINVAL when there is no such signal. */
static unsigned long signal_bit(int sig) {
    if (sig >= 1 && sig < NSIG)
        return 1ul << (sig - 1);
    errno = EINVAL;
    return 0;
}

int sigaddset(sigset_t *set, int sig) {
    unsigned long bit = signal_bit(sig);

    set->bits |= bit;
    return bit == 0 ? -1 : 0;
}

int sigdelset(sigset_t *set, int sig) {
    unsigned long bit = signal_bit(sig);

    set->bits &= ~bit;
    return bit == 0 ? -1 : 0;
}

int sigismember(const sigset_t *set, int sig) {
    unsigned long bit = signal_bit(sig);

    return bit == 0 ? -1 : (set->bits & bit) != 0;
}

void psignal(int sig, const char *what) {
    if (what != NULL && *what != '\0')
        fprintf(stderr, "%s: ", what);
    fprintf(stderr, "%s\n", strsignal(sig));
}
