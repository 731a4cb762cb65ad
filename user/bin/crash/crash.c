/*
 * crash [KIND [LIMIT]]: does one thing that a program must not do, to see what the machine and
 * the kernel do about it. Without a kind it lists them.
 */
#include "crash.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../common/cmd.h"

const char *crash_argument;

static const struct kind {
    const char *name;
    void (*try)(void);
    const char *meaning;
} kinds[] = {
    { "null", try_null, "read through a null pointer" },
    { "write-null", try_write_null, "write through a null pointer" },
    { "kernel-read", try_kernel_read, "read the kernel's memory" },
    { "kernel-write", try_kernel_write, "write the kernel's memory" },
    { "kernel-jump", try_kernel_jump, "jump into the kernel" },
    { "text-write", try_text_write, "write over the program's own code" },
    { "constant-write", try_constant_write, "write over a constant" },
    { "jump-nowhere", try_jump_nowhere, "jump to an address where nothing is" },
    { "jump-stack", try_jump_stack, "execute an instruction on the stack" },
    { "jump-data", try_jump_heap, "execute an instruction on the heap" },
    { "noncanonical", try_noncanonical, "read an address that Sv39 cannot have" },
    { "stack-overflow", try_stack_overflow, "recurse without an end" },
    { "illegal", try_illegal, "execute the instruction that is all zeros" },
    { "privileged", try_sret, "execute sret, the kernel's way out to user mode" },
    { "mret", try_mret, "execute mret, the firmware's way out to the kernel" },
    { "csr-satp", try_csr_satp, "write satp, to use other page tables" },
    { "csr-sstatus", try_csr_sstatus, "read sstatus, the supervisor's status" },
    { "wfi", try_wfi, "execute wfi, to stop the hart until an interrupt" },
    { "sfence", try_sfence, "execute sfence.vma, to flush the TLB" },
    { "ebreak", try_ebreak, "execute ebreak, with no debugger there" },
    { "abort", try_abort, "call abort()" },
    { "counters", try_counters, "read time, cycle and instret (allowed)" },
    { "divide", try_divide, "divide by zero (RISC-V has no trap for it)" },
    { "misaligned", try_misaligned, "load and store 8 bytes at an odd address" },
    { "ecall-unknown", try_ecall_unknown, "make a system call whose number nobody has" },
    { "bad-pointer", try_bad_pointer, "pass bad pointers to system calls" },
    { "fp", try_fp, "look for another program's floating-point registers" },
    { "hog", try_hog, "spin for ever (^C ends it)" },
    { "fork-limit", try_fork_limit, "fork until it fails, or LIMIT times" },
    { "file-limit", try_file_limit, "open files until it fails, or LIMIT times" },
    { "memory", try_memory, "take memory until there is no more, or LIMIT MiB" },
};

#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

void announce(const char *format, ...) {
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    fflush(stdout);
}

static void kinds_print(void) {
    puts("crash KIND [LIMIT] does one of these:");
    for (size_t i = 0; i < KIND_COUNT; i++)
        printf("  %-15s %s\n", kinds[i].name, kinds[i].meaning);
}

int main(int argc, char **argv) {
    fp_registers_read();
    cmd_begin(argv, 1);
    if (argc < 2) {
        kinds_print();
        return cmd_end(0);
    }
    if (argc > 3)
        cmd_usage("[KIND [LIMIT]]");
    crash_argument = argv[2];
    if (strcmp(argv[1], "fp-after-exec") == 0) {
        fp_registers_report();
        return cmd_end(cmd_status);
    }
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (strcmp(kinds[i].name, argv[1]) == 0) {
            kinds[i].try();
            return cmd_end(cmd_status);
        }
    }
    cmd_die("no such kind: '%s'; crash alone lists them", argv[1]);
}
