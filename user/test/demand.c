/*
 * Laziness that can be counted: a program's pages come when they are touched, those who run it share
 * them, fork copies none and takes one flush.
 */
#include "common/check.h"
#include "common/child.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096ul
#define BIG (1024 * 1024)
#define TOUCHED 20
#define RW (PROT_READ | PROT_WRITE)

/* What makes this program large: constants, so a part of the file. */
static const char big[BIG] = { 1 };

/* A compiler that knows what is there need not look. */
static char look_at(size_t place) { return *(const volatile char *)&big[place]; }

static volatile char touched;      /* so that reading them is not left out */

static long number_after(const char *path, const char *from, const char *name) {
    static char text[32768];
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
    const char *at = text;

    text[length] = '\0';
    if (file)
        fclose(file);
    if (from)
        at = strstr(text, from);
    at = at ? strstr(at, name) : NULL;
    return at ? atol(at + strlen(name)) : -1;
}

static long counted(const char *name) { return number_after("/proc/vmstat", NULL, name); }

/* Resident KiB of the area that holds `at`. */
static long resident(const void *at, const char *what) {
    char line[256], start[32];
    unsigned long from = 0, to = 0;
    FILE *file = fopen("/proc/self/maps", "r");

    while (file && fgets(line, sizeof(line), file) && sscanf(line, "%lx-%lx", &from, &to) == 2)
        if (from <= (unsigned long)at && (unsigned long)at < to)
            break;
    if (file)
        fclose(file);
    snprintf(start, sizeof(start), "\n%08lx-", from);
    long kib = number_after("/proc/self/smaps", start, what);
    return kib >= 0 ? kib : number_after("/proc/self/smaps", start + 1, what);
}

/* Run again by exec: touches a few pages and tells how many are there. */
static int touch_some(void) {

    for (size_t i = 0; i < TOUCHED; i++)
        touched += look_at(i * (BIG / TOUCHED));
    long pages = resident(big, "\nRss:") / 4;
    printf("resident pages of the constants: %ld\n", pages);
    return pages >= TOUCHED && pages <= TOUCHED + 8 ? 0 : 1;
}

static int run_again(void *unused) {
    (void)unused;
    execl(own_path(), "demand", "touch", NULL);
    return 127;
}

static void test_program(void) {
    CHECK("a program's pages come when they are touched", exited_with(child_run(run_again, NULL), 0));
}

static int touch_and_wait(void *arg) {
    int *fds = arg;
    char c;

    for (size_t i = 0; i < BIG; i += PAGE)
        touched += look_at(i);
    c = resident(big, "\nPss:") <= BIG / 1024 / 4 * 3 ? 'y' : 'n';
    write(fds[1], &c, 1);
    read(fds[2], &c, 1);
    return 0;
}

static void test_shared_text(void) {
    enum { RUNNERS = 8 };
    int out[2], in[2], fds[4];
    pid_t pids[RUNNERS];
    char said[RUNNERS] = { 0 };

    for (size_t i = 0; i < BIG; i += PAGE)
        touched += look_at(i);
    pipe(out);
    pipe(in);
    memcpy(fds, (int[]){ out[0], out[1], in[0], in[1] }, sizeof(fds));
    long before = memory_free();
    for (int i = 0; i < RUNNERS; i++)
        pids[i] = child_start(touch_and_wait, fds);
    for (int i = 0; i < RUNNERS; i++)
        read(out[0], &said[i], 1);
    CHECK("eight who run it share one set of frames", memory_free() > before - BIG);
    CHECK("each has a part of it", memchr(said, 'n', RUNNERS) == NULL);
    close(in[1]);
    close(in[0]);
    for (int i = 0; i < RUNNERS; i++) {
        kill(pids[i], SIGKILL);
        child_wait(pids[i]);
    }
    close(out[0]);
    close(out[1]);
}

static int nothing(void *unused) {
    (void)unused;
    return 0;
}

static int write_first(void *at) {
    *(char *)at = 'w';
    return 0;
}

static void test_fork(void) {
    size_t pages = 1024;
    char *m = mmap(NULL, pages * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    child_run(nothing, NULL);
    long flushes = counted("tlb_flush "), copies = counted("cow_copy ");
    child_run(nothing, NULL);
    long small_flushes = counted("tlb_flush ") - flushes;
    long small_copies = counted("cow_copy ") - copies;
    for (size_t i = 0; i < pages; i++)
        m[i * PAGE] = 'm';
    flushes = counted("tlb_flush "), copies = counted("cow_copy ");
    child_run(nothing, NULL);
    long big_flushes = counted("tlb_flush ") - flushes;
    long big_copies = counted("cow_copy ") - copies;
    printf("fork of a few pages: %ld flushes, %ld copies; of %zu more: %ld, %ld\n", small_flushes,
           small_copies, pages, big_flushes, big_copies);
    CHECK("fork copies no page", big_copies <= small_copies + 8);
    CHECK("and takes one flush", big_flushes <= small_flushes + 8);
    copies = counted("cow_copy ");
    child_run(write_first, m);
    CHECK("the first write copies one", counted("cow_copy ") - copies <= big_copies + 8);
    long taken = counted("cow_takeover ");
    copies = counted("cow_copy ");
    for (size_t i = 1; i < pages; i++)
        m[i * PAGE] = 'n';
    CHECK("the last owner copies none", counted("cow_copy ") - copies <= 8 &&
                                        counted("cow_takeover ") - taken >= (long)pages / 2);
    munmap(m, pages * PAGE);
}

static int map_over_stack(void *unused) {
    char here;
    char *page = (char *)((unsigned long)&here & -PAGE);

    (void)unused;
    mmap(page, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    return here;
}

/* What it returned to is gone: its own business. */
static void test_over_stack(void) {
    int status = child_run(map_over_stack, NULL);
    CHECK("a mapping over the own stack", died_of(status, SIGSEGV) || WIFEXITED(status));
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "touch") == 0)
        return touch_some();
    test_program();
    long before = memory_free();
    test_shared_text();
    test_fork();
    test_over_stack();
    CHECK("memory is back", memory_is_back(before, 64 * PAGE));
    return check_done();
}
