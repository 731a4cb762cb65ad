/*
 * Every system call with arguments that make no sense: hostile [SEED [ROUNDS]].
 *
 * A child for each number calls it many times; whatever happens to it, the rest goes on.
 */
#include "common/check.h"
#include "common/child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define DIR "/tmp/hostile-test"
#define NUMBERS 500
#define CALLS 40
#define PAGE 4096ul

static uint64_t seed = 20260214;

static uint64_t random_next(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed * 0x2545f4914f6cdd1d >> 8;
}

/* What root must not do to the machine that the test runs on. */
static bool root_only_harm(long number) {
    switch (number) {
    case SYS_kill: case SYS_tkill: case SYS_tgkill: case SYS_reboot: case SYS_sethostname:
    case SYS_clock_settime: case SYS_prlimit64: case SYS_mount: case SYS_umount2:
    case SYS_chroot: case SYS_sync:
        return true;
    default:
        return false;
    }
}

/* Values that are interesting as pointer, length, descriptor, flags and number alike. */
static uint64_t values[64];
static unsigned value_count;

static void value_add(uint64_t value) {
    values[value_count++] = value;
}

static void values_make(void) {
    static const uint64_t numbers[] = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 63, 64, 0xfff, 4096, 4097, 65536, 1000000, 0x7fffffff,
        0x80000000, 0xffffffff, 1ul << 32, 1ul << 62, 1ul << 63, -1ul, -2ul, -100ul, -4096ul,
        0x3ffffff000, 0x3fffffffff, 0x4000000000, 0x8000000000000000, 0xffffffc000000000,
        0xffffffff80000000, 0xffffffff80200001, 0x7fffffffffffffff,
    };
    char *area = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        value_add(numbers[i]);
    strcpy(area, "file");
    munmap(area + PAGE, PAGE);
    mprotect(area + 2 * PAGE, PAGE, PROT_READ);
    mprotect(area + 3 * PAGE, PAGE, PROT_NONE);
    value_add((uint64_t)area);                  /* good */
    value_add((uint64_t)area + 101);            /* unaligned */
    value_add((uint64_t)area + PAGE - 1);       /* the last byte before a hole */
    value_add((uint64_t)area + PAGE - 12);
    value_add((uint64_t)area + PAGE);           /* the hole */
    value_add((uint64_t)area + 2 * PAGE);       /* read-only */
    value_add((uint64_t)area + 3 * PAGE);       /* forbidden */
    value_add((uint64_t)values_make);           /* code */
}

/* Descriptors of each kind, and none that leads to the terminal. */
static void descriptors_make(void) {
    int fds[2];

    for (int fd = 0; fd < 16; fd++)
        close(fd);
    open("/dev/null", O_RDWR);
    open("file", O_RDWR | O_CREAT, 0644);
    open(".", O_RDONLY);
    pipe(fds);
    open("/dev/zero", O_RDONLY);
    open("file", O_WRONLY | O_APPEND);
}

static int attack(void *number) {
    struct rlimit few = { 24, 24 }, small = { 1ul << 26, 1ul << 26 };
    bool root = random_next() & 1 && !root_only_harm((long)number);

    if (chdir(DIR) != 0)
        return 1;
    descriptors_make();
    setsid();
    setrlimit(RLIMIT_NPROC, &few);
    setrlimit(RLIMIT_AS, &small);
    if (!root && (setgid(1000) != 0 || setuid(1000) != 0))
        return 1;
    values_make();
    for (int i = 0; i < CALLS; i++) {
        uint64_t a[6];
        for (int j = 0; j < 6; j++)
            a[j] = values[random_next() % value_count];
        syscall((long)number, a[0], a[1], a[2], a[3], a[4], a[5]);
    }
    return 0;
}

/* Removes what the attackers made in DIR. */
static void clean(void) {
    system("rm -rf " DIR);
    mkdir(DIR, 0777);
    chmod(DIR, 0777);
}

static bool attacked(long number) {
    bool killed;
    int status;

    random_next();
    status = child_wait_limited(child_start(attack, (void *)number), 150, &killed);
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    if (status == -1)
        printf("system call %ld: its caller cannot be killed\n", number);
    return status != -1;
}

/* All numbers; in each child another seed. */
static bool attack_all(void) {
    bool good = true;

    for (long number = 0; number <= NUMBERS; number++)
        if (number != SYS_exit && number != SYS_exit_group)
            good &= attacked(number);
    return good;
}

int main(int argc, char *argv[]) {
    int rounds = argc > 2 ? atoi(argv[2]) : 1;
    long before;

    if (argc > 1)
        seed = strtoul(argv[1], NULL, 0) * 2 + 1;
    printf("seed %lu\n", seed);
    signal(SIGTTOU, SIG_IGN);
    clean();
    CHECK("a first round", attack_all());
    clean();
    before = memory_free();
    for (int round = 0; round < rounds; round++)
        CHECK("a round", attack_all());
    clean();
    rmdir(DIR);
    CHECK("memory is back", memory_is_back(before, 256 * PAGE));
    return check_done();
}
