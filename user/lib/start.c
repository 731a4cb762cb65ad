/*
 * From the kernel's initial stack to main and to exit.
 */
#include <abi/auxv.h>
#include <abi/elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "thread/thread.h"

int main(int argc, char *argv[], char *envp[]);

/* crt0's only call: stack is where argc lies. Never returns. */
void libc_start(long *stack) __attribute__((noreturn));

__thread int errno;
char **environ;
char *program_invocation_name = "";

static const Elf64_auxv_t *auxv;

void libc_start(long *stack) {
    int argc = stack[0];
    char **argv = (char **)(stack + 1);
    char **end;

    environ = argv + argc + 1;
    for (end = environ; *end != NULL; end++)
        ;
    auxv = (const Elf64_auxv_t *)(end + 1);
    if (argc > 0)
        program_invocation_name = argv[0];
    /* This frame stays for as long as the process. */
    __asm__ volatile("mv tp, %0" : : "r"(thread_block_make(__builtin_alloca(thread_block_size()))));
    exit(main(argc, argv, environ));
}

unsigned long getauxval(unsigned long type) {
    const Elf64_auxv_t *entry;

    for (entry = auxv; entry->a_type != AT_NULL; entry++)
        if (entry->a_type == type)
            return entry->a_val;
    return 0;
}

const char *getprogname(void) {
    const char *slash = strrchr(program_invocation_name, '/');

    return slash == NULL ? program_invocation_name : slash + 1;
}
