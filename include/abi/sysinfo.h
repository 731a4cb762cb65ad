/*
 * What sysinfo fills: totals of the machine.
 */
#ifndef ABI_SYSINFO_H
#define ABI_SYSINFO_H

struct sysinfo {
    long uptime;            /* seconds */
    unsigned long loads[3]; /* 1, 5 and 15 minutes, times 65536 */
    unsigned long totalram; /* memory sizes in units of mem_unit bytes */
    unsigned long freeram;
    unsigned long sharedram;
    unsigned long bufferram;
    unsigned long totalswap;
    unsigned long freeswap;
    unsigned short procs;
    unsigned short pad;
    unsigned long totalhigh;
    unsigned long freehigh;
    unsigned int mem_unit;
};

_Static_assert(sizeof(struct sysinfo) == 112, "struct sysinfo");

#define SI_LOAD_SHIFT 16

#endif
