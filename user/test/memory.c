/*
 * Memory: brk, mmap and its relatives, copy on write, and what a wrong access does.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/stack.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096ul
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)

static char *map(size_t pages, int prot) {
    return mmap(NULL, pages * PAGE, prot, ANON, -1, 0);
}

static int poke(void *address) {
    *(volatile char *)address = 1;
    return 0;
}

static int peek(void *address) {
    return *(volatile char *)address & 0;
}

static int jump(void *address) {
    ((void (*)(void))address)();
    return 0;
}

static bool faults(int (*body)(void *), const void *address, int sig) {
    return died_of(child_run(body, (void *)address), sig);
}

static bool works(int (*body)(void *), const void *address) {
    return exited_with(child_run(body, (void *)address), 0);
}

static bool all_zero(const char *at, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (at[i])
            return false;
    return true;
}

static long raw_brk(unsigned long end) {
    return syscall(SYS_brk, end);
}

static void test_brk(void) {
    unsigned long start = raw_brk(0), page = (start + PAGE - 1) & ~(PAGE - 1);

    CHECK("brk grows", raw_brk(page + 64 * PAGE) == (long)(page + 64 * PAGE));
    CHECK("fresh heap is zero", all_zero((char *)page, 64 * PAGE));
    memset((char *)page, 0x55, 64 * PAGE);
    CHECK("brk shrinks", raw_brk(page + PAGE) == (long)(page + PAGE));
    CHECK("beyond the heap nothing is", faults(peek, (char *)page + PAGE, SIGSEGV));
    CHECK("brk grows again", raw_brk(page + 64 * PAGE) == (long)(page + 64 * PAGE));
    CHECK("and is zero again", all_zero((char *)page + PAGE, 63 * PAGE));
    CHECK("brk below its start", raw_brk(4096) == (long)(page + 64 * PAGE));
    CHECK("brk into the kernel", raw_brk(-PAGE) == (long)(page + 64 * PAGE));
    raw_brk(start);
}

static void test_mmap(void) {
    char *area = map(10, RW), *fixed;

    CHECK("mmap", area != MAP_FAILED && (uintptr_t)area % PAGE == 0);
    CHECK("mmap is zero", all_zero(area, 10 * PAGE));
    memset(area, 'a', 10 * PAGE);
    fixed = mmap(area + 3 * PAGE, 2 * PAGE, RW, ANON | MAP_FIXED, -1, 0);
    CHECK("fixed over a part", fixed == area + 3 * PAGE && all_zero(fixed, 2 * PAGE) &&
                                   area[3 * PAGE - 1] == 'a' && area[5 * PAGE] == 'a');
    CHECK("munmap of the middle", munmap(area + 6 * PAGE, PAGE) == 0);
    CHECK("its neighbours stay", area[6 * PAGE - 1] == 'a' && area[7 * PAGE] == 'a');
    CHECK("the middle is gone", faults(peek, area + 6 * PAGE, SIGSEGV));
    CHECK("munmap of a hole", munmap(area + 6 * PAGE, PAGE) == 0);
    CHECK("munmap of all", munmap(area, 10 * PAGE) == 0 && faults(peek, area, SIGSEGV));
}

static void test_file(void) {
    int fd = open("/tmp/memory-test", O_RDWR | O_CREAT | O_TRUNC, 0600);
    char text[PAGE], *area;

    memset(text, 'f', sizeof(text));
    write(fd, text, sizeof(text));
    write(fd, "end", 3);
    area = mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE, fd, 0);
    CHECK("mmap of a file", area != MAP_FAILED && area[0] == 'f' && area[PAGE + 2] == 'd' &&
                                area[PAGE + 3] == 0);
    area[1] = 'X';
    pread(fd, text, 2, 0);
    CHECK("a private write stays private", area[1] == 'X' && text[1] == 'f');
    errno = 0;
    CHECK("mmap of a closed descriptor",
          mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 999, 0) == MAP_FAILED && errno == EBADF);
    errno = 0;
    CHECK("mmap at an odd offset",
          mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 5) == MAP_FAILED && errno == EINVAL);
    close(fd);
    unlink("/tmp/memory-test");
    CHECK("a mapping outlives name and descriptor", area[PAGE - 1] == 'f');
    munmap(area, 2 * PAGE);
}

static void test_protect(void) {
    char *area = map(3, RW);

    memset(area, 'p', 3 * PAGE);
    CHECK("mprotect", mprotect(area + PAGE, PAGE, PROT_READ) == 0);
    CHECK("read-only can be read", works(peek, area + PAGE));
    CHECK("but not written", faults(poke, area + PAGE, SIGSEGV));
    CHECK("its neighbours can", works(poke, area) && works(poke, area + 2 * PAGE));
    CHECK("PROT_NONE", mprotect(area + PAGE, PAGE, PROT_NONE) == 0 &&
                           faults(peek, area + PAGE, SIGSEGV));
    CHECK("and back", mprotect(area, 3 * PAGE, RW) == 0 && works(poke, area + PAGE) &&
                          area[PAGE] == 'p');
    errno = 0;
    munmap(area + PAGE, PAGE);
    CHECK("mprotect over a hole", mprotect(area, 3 * PAGE, RW) == -1 && errno == ENOMEM);
    munmap(area, 3 * PAGE);
}

static void test_execute(void) {
    static const uint32_t code_return = 0x00008067;     /* ret */
    uint32_t *code = (uint32_t *)map(1, RW);
    static uint32_t in_data = 0x00008067;
    uint32_t on_stack = 0x00008067;

    *code = code_return;
    CHECK("data is not executed", faults(jump, &in_data, SIGSEGV));
    CHECK("the stack is not executed", faults(jump, &on_stack, SIGSEGV));
    CHECK("a mapping is not executed", faults(jump, code, SIGSEGV));
    mprotect(code, PAGE, PROT_READ | PROT_EXEC);
    CHECK("unless it is asked for", works(jump, code));
    CHECK("code is not written", faults(poke, (void *)test_execute, SIGSEGV));
    CHECK("address 0", faults(peek, NULL, SIGSEGV) && faults(poke, NULL, SIGSEGV));
    CHECK("the kernel's memory", faults(peek, (void *)0xffffffc000000000, SIGSEGV) &&
                                     faults(poke, (void *)0xffffffff80200000, SIGSEGV) &&
                                     faults(jump, (void *)0xffffffff80200000, SIGSEGV));
    CHECK("no canonical address", faults(peek, (void *)0x4000000000, SIGSEGV) &&
                                      faults(peek, (void *)0x8000000000000000, SIGSEGV));
    munmap(code, PAGE);
}

static void test_mremap(void) {
    char *area = map(4, RW), *other;

    memset(area, 'm', 4 * PAGE);
    munmap(area + 2 * PAGE, 2 * PAGE);
    other = mremap(area, 2 * PAGE, 4 * PAGE, 0);
    CHECK("mremap in place", other == area && area[0] == 'm' && all_zero(area + 2 * PAGE, PAGE));
    other = mmap(area + 4 * PAGE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0);
    errno = 0;
    CHECK("mremap has no room", mremap(area, 4 * PAGE, 400 * PAGE, 0) == MAP_FAILED &&
                                    errno == ENOMEM);
    other = mremap(area, 4 * PAGE, 400 * PAGE, MREMAP_MAYMOVE);
    CHECK("mremap moves", other != MAP_FAILED && other != area && other[2 * PAGE - 1] == 'm' &&
                              all_zero(other + 2 * PAGE, 398 * PAGE));
    CHECK("the old place is gone", faults(peek, area, SIGSEGV));
    CHECK("mremap shrinks", mremap(other, 400 * PAGE, PAGE, 0) == other && other[0] == 'm' &&
                                faults(peek, other + PAGE, SIGSEGV));
    CHECK("madvise", madvise(other, PAGE, MADV_DONTNEED) == 0 && all_zero(other, PAGE));
    munmap(other, PAGE);
}

static int write_all_pages(void *area) {
    char *at = area;

    for (int i = 0; i < 64; i++) {
        if (at[i * PAGE] != 'o')
            return 1;
        at[i * PAGE] = (char)getpid();
    }
    for (int i = 0; i < 64; i++)
        if (at[i * PAGE] != (char)getpid())
            return 2;
    return 0;
}

static void test_copy_on_write(void) {
    char *area = map(64, RW);
    pid_t pids[16];
    bool good = true;

    memset(area, 'o', 64 * PAGE);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 16; i++)
            pids[i] = child_start(write_all_pages, area);
        for (int i = 0; i < 16; i++)
            good &= exited_with(child_wait(pids[i]), 0);
    }
    CHECK("16 sharers write their own copies", good);
    for (int i = 0; i < 64; i++)
        good &= area[i * PAGE] == 'o';
    CHECK("the parent's stays", good);
    munmap(area, 64 * PAGE);
}

static void test_sparse(void) {
    size_t size = 64ul << 30;
    char *area = mmap(NULL, size, RW, ANON | MAP_NORESERVE, -1, 0);

    CHECK("64 GiB of nothing", area != MAP_FAILED);
    for (size_t at = 0; at < size; at += 1ul << 30)
        area[at] = 's';
    CHECK("touched here and there", area[63ul << 30] == 's' && area[(63ul << 30) + PAGE] == 0);
    CHECK("a child copies what there is", works(poke, area + (5ul << 30)));
    CHECK("unmapped", munmap(area, size) == 0);
}

static int recurse(void *bytes) {
    stack_use((long)bytes);
    return 0;
}

static void test_stack(void) {
    CHECK("6 MiB of stack", works(recurse, (void *)(6l << 20)));
    CHECK("not 60 MiB", faults(recurse, (void *)(60l << 20), SIGSEGV));
}

static bool refused(long result, int expected) {
    return result == -1 && errno == expected;
}

static void test_hostile_arguments(void) {
    char *area = map(2, RW);
    unsigned long huge = 1ul << 63;

    CHECK("mmap of 0 bytes", refused((long)map(0, RW), EINVAL));
    CHECK("mmap of 2^63", refused((long)mmap(NULL, huge, RW, ANON, -1, 0), ENOMEM));
    CHECK("mmap of -1", refused((long)mmap(NULL, -1ul, RW, ANON, -1, 0), ENOMEM));
    CHECK("mmap fixed in the kernel", refused((long)mmap((void *)0xffffffc000000000, PAGE, RW,
                                                         ANON | MAP_FIXED, -1, 0), ENOMEM));
    CHECK("mmap fixed off a page", refused((long)mmap(area + 1, PAGE, RW, ANON | MAP_FIXED, -1, 0),
                                           EINVAL));
    CHECK("mmap fixed over the end",
          refused((long)mmap((void *)0x3ffffff000, 4 * PAGE, RW, ANON | MAP_FIXED, -1, 0), ENOMEM));
    CHECK("mmap of neither kind",
          refused((long)mmap(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0), EINVAL));
    CHECK("munmap of 0 bytes", refused(munmap(area, 0), EINVAL));
    CHECK("munmap off a page", refused(munmap(area + 1, PAGE), EINVAL));
    CHECK("munmap that wraps", refused(munmap(area, -PAGE), EINVAL));
    CHECK("munmap of the kernel", refused(munmap((void *)0xffffffc000000000, PAGE), EINVAL));
    CHECK("mprotect off a page", refused(mprotect(area + 1, PAGE, RW), EINVAL));
    CHECK("mprotect that wraps", refused(mprotect(area, -PAGE, RW), ENOMEM));
    CHECK("mprotect with bad rights", refused(mprotect(area, PAGE, 0x100), EINVAL));
    CHECK("mremap off a page", refused((long)mremap(area + 1, PAGE, PAGE, 0), EINVAL));
    CHECK("mremap to 0", refused((long)mremap(area, PAGE, 0, 0), EINVAL));
    CHECK("mremap to 2^63", refused((long)mremap(area, PAGE, huge, MREMAP_MAYMOVE), ENOMEM));
    CHECK("mremap of a hole", refused((long)mremap((char *)0x1000, PAGE, 2 * PAGE, 1), EFAULT));
    CHECK("madvise of the unknown", refused(madvise(area, PAGE, 12345), EINVAL));
    area[0] = area[PAGE] = 1;
    CHECK("and nothing has changed", area[0] == 1 && munmap(area, 2 * PAGE) == 0);
}

int main(void) {
    test_mmap();
    test_file();
    test_protect();
    test_execute();
    test_mremap();
    test_copy_on_write();
    test_sparse();
    test_stack();
    test_hostile_arguments();
    test_brk();         /* last: the library's own heap is full grown by now */
    return check_done();
}
