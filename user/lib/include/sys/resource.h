/*
 * <sys/resource.h>: limits, usage, priority.
 */
#ifndef USER_SYS_RESOURCE_H
#define USER_SYS_RESOURCE_H

#include <abi/resource.h>

int getrlimit(int resource, struct rlimit *limit);
int setrlimit(int resource, const struct rlimit *limit);
int prlimit(pid_t pid, int resource, const struct rlimit *limit, struct rlimit *old);
int getrusage(int who, struct rusage *usage);
int getpriority(int which, id_t who);
int setpriority(int which, id_t who, int priority);

#endif
