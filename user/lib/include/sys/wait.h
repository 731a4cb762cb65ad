/*
 * <sys/wait.h>: waiting for children.
 */
#ifndef USER_SYS_WAIT_H
#define USER_SYS_WAIT_H

#include <abi/resource.h>
#include <abi/signal.h>
#include <abi/wait.h>

pid_t wait(int *status);
pid_t waitpid(pid_t pid, int *status, int options);
pid_t wait3(int *status, int options, struct rusage *usage);
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage);
int waitid(int type, id_t id, siginfo_t *info, int options);

#endif
