/*
 * <signal.h>: sending and handling signals.
 */
#ifndef USER_SIGNAL_H
#define USER_SIGNAL_H

#include <abi/signal.h>
#include <abi/time.h>

#define NSIG _NSIG

typedef int sig_atomic_t;
typedef void (*sighandler_t)(int);

sighandler_t signal(int sig, sighandler_t handler);
int sigaction(int sig, const struct sigaction *action, struct sigaction *old);
int kill(pid_t pid, int sig);
int killpg(pid_t group, int sig);
int tgkill(pid_t pid, pid_t tid, int sig);
int raise(int sig);
int sigqueue(pid_t pid, int sig, union sigval value);
int sigprocmask(int how, const sigset_t *set, sigset_t *old);
int sigpending(sigset_t *set);
int sigsuspend(const sigset_t *mask);
int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout);
int sigwaitinfo(const sigset_t *set, siginfo_t *info);
int sigwait(const sigset_t *set, int *sig);
int sigaltstack(const stack_t *stack, stack_t *old);

int sigemptyset(sigset_t *set);
int sigfillset(sigset_t *set);
int sigaddset(sigset_t *set, int sig);
int sigdelset(sigset_t *set, int sig);
int sigismember(const sigset_t *set, int sig);

void psignal(int sig, const char *what);
char *strsignal(int sig);

#endif
