// The kernel's command line.
#ifndef BOOT_ARGUMENTS_H
#define BOOT_ARGUMENTS_H

#include <stdbool.h>

struct boot_arguments {
    const char *init;       // everything after init=, "" if it is not there
    char root[32];          // root=: a device, or "initrd"; "" to choose
    int asids;              // asids=1..9: use only so many, to see them run out; 0: all
    char swap[16];          // swap=: a device
    char replace[16];       // replace=: a page replacement policy
    char sched[16];         // sched=: a scheduling policy
    int quantum;            // quantum=: milliseconds; 0: the usual
    bool cooperative;       // preempt=off
    char crash[16];         // crash=: debug/crash.h
    bool panic_exit;        // panic=exit
    bool timer_sbi;         // timer=sbi
    bool read_only;         // ro
    bool ktest;
    int loglevel;           // loglevel=, -1 if not given
};

extern struct boot_arguments boot_arguments;

// Decodes `line`, which stays where it is. Unknown words are named in the log.
void boot_arguments_decode(const char *line);

#endif
