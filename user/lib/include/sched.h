/*
 * <sched.h>: the scheduler.
 */
#ifndef USER_SCHED_H
#define USER_SCHED_H

#include <abi/sched.h>
#include <abi/time.h>

int sched_yield(void);
int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);
int sched_getscheduler(pid_t pid);
int sched_setparam(pid_t pid, const struct sched_param *param);
int sched_getparam(pid_t pid, struct sched_param *param);
int sched_get_priority_max(int policy);
int sched_get_priority_min(int policy);
int sched_rr_get_interval(pid_t pid, struct timespec *interval);

typedef struct {
    unsigned long bits[16];
} cpu_set_t;

#define CPU_SETSIZE         1024
#define CPU_ZERO(set)       __builtin_memset((set), 0, sizeof(cpu_set_t))
#define CPU_SET(cpu, set)   ((void)((set)->bits[(cpu) / 64] |= 1ul << (cpu) % 64))
#define CPU_CLR(cpu, set)   ((void)((set)->bits[(cpu) / 64] &= ~(1ul << (cpu) % 64)))
#define CPU_ISSET(cpu, set) ((set)->bits[(cpu) / 64] >> (cpu) % 64 & 1)

int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set);
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set);

#endif
