/*
 * What machine this is, and ending it.
 */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

int reboot(int command) {
    return syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, command, NULL);
}

int gethostname(char *name, size_t size) {
    struct utsname uts;

    if (uname(&uts) < 0)
        return -1;
    if (strlcpy(name, uts.nodename, size) < size)
        return 0;
    errno = ENAMETOOLONG;
    return -1;
}

int getpagesize(void) {
    return getauxval(AT_PAGESZ);
}

static long processors(void) {
    cpu_set_t set;
    long count = 0;
    int cpu;

    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) < 0)
        return 1;
    for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
        count += CPU_ISSET(cpu, &set);
    return count;
}

/* Pages of memory in the machine, or of them the free ones. */
static long pages(int free) {
    struct sysinfo info;

    if (sysinfo(&info) < 0)
        return -1;
    return (free ? info.freeram : info.totalram) * info.mem_unit / getpagesize();
}

static long open_max(void) {
    struct rlimit limit;

    return getrlimit(RLIMIT_NOFILE, &limit) < 0 ? OPEN_MAX : (long)limit.rlim_cur;
}

long sysconf(int name) {
    switch (name) {
    case _SC_ARG_MAX:
        return ARG_MAX;
    case _SC_CLK_TCK:
        return getauxval(AT_CLKTCK);
    case _SC_NGROUPS_MAX:
        return NGROUPS_MAX;
    case _SC_OPEN_MAX:
        return open_max();
    case _SC_PAGESIZE:
        return getpagesize();
    case _SC_NPROCESSORS_CONF:
    case _SC_NPROCESSORS_ONLN:
        return processors();
    case _SC_PHYS_PAGES:
        return pages(0);
    case _SC_AVPHYS_PAGES:
        return pages(1);
    default:
        errno = EINVAL;
        return -1;
    }
}
