/*
 * The program break. The kernel answers with the break as it is now, moved or not, and the
 * C functions with success or failure.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *current;

int brk(void *end) {
    current = (char *)syscall(SYS_brk, end);
    if (current == end)
        return 0;
    errno = ENOMEM;
    return -1;
}

void *sbrk(intptr_t increment) {
    char *old;

    if (current == NULL)
        current = (char *)syscall(SYS_brk, NULL);
    old = current;
    if (increment != 0 && brk(old + increment) < 0)
        return (void *)-1;
    return old;
}
