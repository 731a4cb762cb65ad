/*
 * Mappings: files shared with read and write, memory shared between processes, the stack that grows,
 * locked pages, and advice.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/stack.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096ul
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static char path[] = "/tmp/mmap-file";

/* A file of `pages` pages, each full of one letter. */
static int file_make(size_t pages) {
    char page[PAGE];
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

    for (size_t i = 0; i < pages; i++) {
        memset(page, 'a' + (int)i, sizeof(page));
        write(fd, page, sizeof(page));
    }
    return fd;
}

static int poke(void *at) {
    *(volatile char *)at = 'x';
    return 0;
}

static int peek(void *at) {
    return *(volatile char *)at & 0;
}

static bool dies(int (*body)(void *), void *at, int sig) {
    return died_of(child_run(body, at), sig);
}

static char *map_file(int fd, size_t pages, int prot, int flags) {
    return mmap(NULL, pages * PAGE, prot, flags, fd, 0);
}

static void test_shared_file(void) {
    int fd = file_make(3);
    char *a = map_file(fd, 3, RW, MAP_SHARED), *b = map_file(fd, 3, PROT_READ, MAP_SHARED), c = 0;

    CHECK("shared mapping", a != MAP_FAILED && b != MAP_FAILED && a[0] == 'a' && a[PAGE] == 'b');
    a[1] = 'M';
    CHECK("read sees the mapping", pread(fd, &c, 1, 1) == 1 && c == 'M');
    CHECK("so does another mapping", b[1] == 'M');
    CHECK("the mapping sees write", pwrite(fd, "W", 1, PAGE + 7) == 1 && a[PAGE + 7] == 'W');
    CHECK("a child writes", exited_with(child_run(poke, a + 2 * PAGE), 0) && b[2 * PAGE] == 'x');
    CHECK("msync", msync(a, 3 * PAGE, MS_SYNC) == 0);
    a[1] = 'N';
    CHECK("written again after msync", pread(fd, &c, 1, 1) == 1 && c == 'N');
    CHECK("munmap, then sync", munmap(a, 3 * PAGE) == 0 && fsync(fd) == 0 && b[1] == 'N');
    munmap(b, 3 * PAGE);
    close(fd);
}

static void test_private_file(void) {
    int fd = file_make(2);
    char *p = map_file(fd, 2, RW, MAP_PRIVATE), c = 0;

    CHECK("private mapping", p != MAP_FAILED && p[PAGE] == 'b');
    p[0] = 'P';
    CHECK("its writes stay its own", pread(fd, &c, 1, 0) == 1 && c == 'a' && p[0] == 'P');
    CHECK("untouched pages show the file", pwrite(fd, "Q", 1, PAGE) == 1 && p[PAGE] == 'Q');
    munmap(p, 2 * PAGE);
    close(fd);
}

static void test_end_of_file(void) {
    int fd = file_make(2);
    char *m = map_file(fd, 4, RW, MAP_SHARED);

    CHECK("read behind the end is SIGBUS", dies(peek, m + 2 * PAGE, SIGBUS));
    CHECK("write behind the end is SIGBUS", dies(poke, m + 3 * PAGE, SIGBUS));
    m[PAGE] = 'k';
    CHECK("truncate takes mapped pages away",
          ftruncate(fd, 100) == 0 && dies(peek, m + PAGE, SIGBUS) && m[0] == 'a');
    CHECK("the tail of the last page is zero", m[100] == 0 && m[PAGE - 1] == 0);
    CHECK("grown again, it is zeros", ftruncate(fd, 2 * PAGE) == 0 && m[PAGE] == 0 && m[200] == 0);
    m[PAGE] = 'k';
    ftruncate(fd, 100);
    m[300] = 'j';
    CHECK("what was written behind the end does not come into the file",
          ftruncate(fd, 1000) == 0 && m[300] == 0);
    m[2000] = 'j';
    CHECK("nor by a write behind the end", pwrite(fd, "x", 1, PAGE) == 1 && m[2000] == 0);
    munmap(m, 4 * PAGE);
    close(fd);
}

static void test_rights(void) {
    int fd = file_make(1), readable = open(path, O_RDONLY), writable = open(path, O_WRONLY);
    char *m = map_file(readable, 1, PROT_READ, MAP_SHARED);

    CHECK("shared and writable needs a writable file",
          map_file(readable, 1, RW, MAP_SHARED) == MAP_FAILED && errno == EACCES);
    CHECK("and cannot become so", mprotect(m, PAGE, RW) < 0 && errno == EACCES);
    CHECK("a file that cannot be read",
          map_file(writable, 1, PROT_WRITE, MAP_SHARED) == MAP_FAILED && errno == EACCES);
    CHECK("a directory", map_file(open("/", O_RDONLY), 1, PROT_READ, MAP_PRIVATE) == MAP_FAILED &&
                             errno == ENODEV);
    CHECK("no type", mmap(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EINVAL);
    CHECK("a range that wraps",
          mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0x7ffffffffffff000) == MAP_FAILED);
    munmap(m, PAGE);
    close(fd), close(readable), close(writable);
}

static void test_shared_memory(void) {
    char *m = mmap(NULL, 4 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    CHECK("shared memory is zero", m != MAP_FAILED && m[0] == 0 && m[3 * PAGE] == 0);
    CHECK("a child writes", exited_with(child_run(poke, m + PAGE), 0));
    CHECK("and its parent sees it", m[PAGE] == 'x');
    CHECK("a page that the child touched first", exited_with(child_run(poke, m + 2 * PAGE), 0) &&
                                                     m[2 * PAGE] == 'x');
    munmap(m, 4 * PAGE);
}

/* --- the stack --- */

static int use_stack(void *bytes) {
    stack_use((long)bytes);
    return 0;
}

static int jump_down(void *distance) {
    stack_leap((long)distance);
    return 0;
}

static int use_limited(void *bytes) {
    struct rlimit limit = { 1 << 20, 1 << 20 };

    return setrlimit(RLIMIT_STACK, &limit) ? 1 : use_stack(bytes);
}

/* A mapping 2 MiB below the stack stops it before it comes near: a gap of 1 MiB stays. */
static int grow_into_mapping(void *unused) {
    uintptr_t here = (uintptr_t)&unused & ~(PAGE - 1);
    char *below = mmap((void *)(here - (2 << 20)), PAGE, RW, ANON | MAP_FIXED, -1, 0);

    return below == MAP_FAILED ? 1 : use_stack((void *)(1536ul << 10));
}

static void test_stack(void) {
    CHECK("the stack grows", exited_with(child_run(use_stack, (void *)(6ul << 20)), 0));
    CHECK("in one leap", exited_with(child_run(jump_down, (void *)(5ul << 20)), 0));
    CHECK("to its limit", dies(use_stack, (void *)(9ul << 20), SIGSEGV));
    CHECK("not below it", dies(jump_down, (void *)(9ul << 20), SIGSEGV));
    CHECK("a lower limit", exited_with(child_run(use_limited, (void *)(700ul << 10)), 0));
    CHECK("ends it earlier", dies(use_limited, (void *)(2ul << 20), SIGSEGV));
    CHECK("a gap stays free", dies(grow_into_mapping, NULL, SIGSEGV));
}

/* --- mlock, madvise, msync: what they refuse --- */

static int lock_too_much(void *at) {
    struct rlimit limit = { PAGE, PAGE };

    if (setrlimit(RLIMIT_MEMLOCK, &limit) || setuid(1000))
        return 1;
    if (mlock(at, PAGE) != 0)
        return 2;
    return mlock(at, 3 * PAGE) == -1 && errno == ENOMEM ? 0 : 3;
}

static void test_calls(void) {
    char *m = mmap(NULL, 8 * PAGE, RW, ANON, -1, 0);

    CHECK("mlock", mlock(m, 8 * PAGE) == 0);
    CHECK("locked pages are not dropped",
          madvise(m, PAGE, MADV_DONTNEED) < 0 && errno == EINVAL);
    CHECK("munlock", munlock(m, 8 * PAGE) == 0 && madvise(m, PAGE, MADV_DONTNEED) == 0);
    CHECK("a limit on locking", exited_with(child_run(lock_too_much, m), 0));
    munmap(m + 4 * PAGE, PAGE);
    CHECK("mlock with a hole", mlock(m, 8 * PAGE) < 0 && errno == ENOMEM);
    CHECK("msync with a hole", msync(m, 8 * PAGE, MS_SYNC) < 0 && errno == ENOMEM);
    CHECK("msync both ways", msync(m, PAGE, MS_SYNC | MS_ASYNC) < 0 && errno == EINVAL);
    CHECK("msync unaligned", msync(m + 1, PAGE, MS_SYNC) < 0 && errno == EINVAL);
    CHECK("will need", madvise(m, PAGE, MADV_WILLNEED) == 0);
    CHECK("will need with a hole", madvise(m, 8 * PAGE, MADV_WILLNEED) < 0 && errno == ENOMEM);
    CHECK("advice that wraps", madvise(m, (size_t)-PAGE, MADV_WILLNEED) < 0 && errno == EINVAL);
    CHECK("mlockall without flags", syscall(SYS_mlockall, 0) < 0 && errno == EINVAL);
    CHECK("mlockall", syscall(SYS_mlockall, MCL_CURRENT) == 0 && syscall(SYS_munlockall) == 0);
    CHECK("swapon of nothing", syscall(SYS_swapon, "/none", 0) < 0 && errno == ENOENT);
    CHECK("swapon of a file", syscall(SYS_swapon, "/bin/sh", 0) < 0 && errno == ENOTBLK);
    munmap(m, 8 * PAGE);
}

/* --- populate --- */

static long touch_faults(int fd, int flags) {
    struct rusage before, after;
    volatile char *m = mmap(NULL, 16 * PAGE, RW, MAP_PRIVATE | flags, fd, 0);

    getrusage(RUSAGE_SELF, &after);
    getrusage(RUSAGE_SELF, &before);        /* its page is ours now */
    for (size_t i = 0; i < 16; i++)
        m[i * PAGE] = 'p';
    getrusage(RUSAGE_SELF, &after);
    munmap((void *)m, 16 * PAGE);
    return after.ru_minflt + after.ru_majflt - before.ru_minflt - before.ru_majflt;
}

static void test_populate(void) {
    int fd = file_make(16);

    CHECK("touching costs faults", touch_faults(-1, MAP_ANONYMOUS) >= 16 && touch_faults(fd, 0) >= 16);
    CHECK("but not what is populated", touch_faults(-1, MAP_ANONYMOUS | MAP_POPULATE) <= 2 &&
                                       touch_faults(fd, MAP_POPULATE) <= 2);
    close(fd);
}

/* One copy for each writer, and none for the last who holds the page. */
static int count_down(void *at) {
    char *m = at;

    for (int i = 0; i < 8; i++)
        m[(size_t)i * PAGE] = 'c';
    return m[7 * PAGE] == 'c' ? 0 : 1;
}

static void test_copy_on_write(void) {
    char *m = mmap(NULL, 8 * PAGE, RW, ANON, -1, 0);
    pid_t pids[20];
    bool good = true;

    memset(m, 'p', 8 * PAGE);
    for (int i = 0; i < 20; i++)
        pids[i] = child_start(count_down, m);
    for (int i = 0; i < 20; i++)
        good &= exited_with(child_wait(pids[i]), 0);
    CHECK("twenty who share and write", good);
    CHECK("the parent's pages stay", m[0] == 'p' && m[7 * PAGE] == 'p');
    munmap(m, 8 * PAGE);
}

/* What a mapping changed is in the file after its writer has gone, whoever reads it then. */
static void test_many_pages(void) {
    size_t pages = 200;
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    bool same = ftruncate(fd, (off_t)(pages * PAGE)) == 0;
    char *m = map_file(fd, pages, RW, MAP_SHARED), page[PAGE];

    for (size_t i = 0; i < pages; i++)
        memset(m + i * PAGE, (int)(i % 251), PAGE);
    munmap(m, pages * PAGE);
    same &= fsync(fd) == 0;
    for (size_t i = 0; i < pages; i++)
        same &= pread(fd, page, PAGE, (off_t)(i * PAGE)) == PAGE && page[0] == (char)(i % 251) &&
                page[PAGE - 1] == (char)(i % 251);
    CHECK("holes written through a mapping", same);
    close(fd);
    unlink(path);
}

/* For the host, which looks at the disk when the machine has been cut off. */
static void keep(const char *name, bool unmap) {
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
    ftruncate(fd, 8 * PAGE);
    char *at = map_file(fd, 8, RW, MAP_SHARED);
    memset(at, 'k', 8 * PAGE);
    CHECK(name, (unmap ? munmap(at, 8 * PAGE) : msync(at, 8 * PAGE, MS_SYNC)) == 0 && fsync(fd) == 0);
}

/* A file of so many MiB, written through a mapping page by page; nobody syncs. */
static int write_large(size_t mib) {
    size_t pages = mib << 20 >> 12;
    int fd = open("/large", O_RDWR | O_CREAT | O_TRUNC, 0600);

    ftruncate(fd, pages * PAGE);
    uint64_t *at = (uint64_t *)map_file(fd, pages, RW, MAP_SHARED);
    for (size_t i = 0; i < pages; i++)
        at[i * PAGE / sizeof(*at)] = i + 1;
    bool same = true;
    for (size_t i = 0; i < pages; i++)
        same = same && at[i * PAGE / sizeof(*at)] == i + 1;
    CHECK("a file larger than memory", same);
    return check_done();
}

/* mmap [keep]: only writes two files through mappings. mmap large MIB: one. */
int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "keep") == 0) {
        keep("/kept-by-msync", false);
        keep("/kept-by-fsync", true);
        return check_done();
    }
    if (argc > 2 && strcmp(argv[1], "large") == 0)
        return write_large(atoi(argv[2]));
    test_shared_file();
    test_private_file();
    test_end_of_file();
    test_rights();
    test_shared_memory();
    test_stack();
    test_calls();
    test_populate();
    test_copy_on_write();
    test_many_pages();
    return check_done();
}
