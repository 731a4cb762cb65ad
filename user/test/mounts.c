/*
 * Mounting: what /proc/mounts tells is what can be unmounted, and only what is in use cannot.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/proc_text.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PLACE   "/tmp/mounts"
#define RACE_MS 1500
#define DEEP    6

static bool is_listed(const char *place) {
    char line[2048];

    snprintf(line, sizeof(line), "\nnone %s ramfs rw 0 0\n", place);
    slurp("/proc/mounts");
    return strstr(text, line);
}

static int count_mounts(void) {
    int count = 0;

    slurp("/proc/mounts");
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        count++;
    return count;
}

/* Mounts there, looks whether `listed` is the line's text, and unmounts. */
static bool comes_and_goes(const char *place, const char *listed) {
    bool good = mkdir(place, 0755) == 0 && mount("none", place, "ramfs", 0, NULL) == 0 && is_listed(listed);

    return umount2(place, 0) == 0 && rmdir(place) == 0 && good;
}

static void test_names(void) {
    char path[DEEP * 256] = PLACE;

    CHECK("a mount is listed by its place", comes_and_goes(PLACE, PLACE));
    CHECK("blanks in a name are octal", comes_and_goes(PLACE " \\\t\n", PLACE "\\040\\134\\011\\012"));
    for (int i = 0; i < DEEP; i++) {
        mkdir(path, 0755);
        sprintf(path + strlen(path), "/%0250d", i);
    }
    CHECK("a long path is listed whole", comes_and_goes(path, path));
    for (int i = 0; i < DEEP; i++) {
        *strrchr(path, '/') = '\0';
        rmdir(path);
    }
}

/* --- unmounting against others that look in there, and that remove the place --- */

/* To cut a file takes a while, and truncate has it by its inode alone. */
static void cut_file(void) {
    static char much[256 << 10];

    for (;;) {
        int fd = open(PLACE "/file", O_RDWR);

        if (fd >= 0 && write(fd, much, sizeof(much)) > 0 && close(fd) == 0)
            truncate(PLACE "/file", 0);
    }
}

static void take_place(void) {
    for (;;) {
        rmdir(PLACE);
        mkdir(PLACE, 0755);
    }
}

static void mount_again(void) {
    if (mount("none", PLACE, "ramfs", 0, NULL) == 0)
        close(open(PLACE "/file", O_CREAT | O_RDWR, 0600));
}

static uint64_t now_ms(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000ul + now.tv_nsec / 1000000;
}

static pid_t start(void (*act)(void)) {
    pid_t pid = fork();

    if (pid == 0)
        act();
    return pid;
}

static void test_race(void) {
    int before = count_mounts(), status;
    uint64_t end = now_ms() + RACE_MS;
    pid_t others[] = { start(cut_file), start(cut_file), start(take_place) };

    while (now_ms() < end) {
        mount_again();
        umount2(PLACE, 0);
    }
    for (int i = 0; i < 3; i++) {
        kill(others[i], SIGKILL);
        waitpid(others[i], &status, 0);
    }
    while (umount2(PLACE, 0) == 0)
        ;
    CHECK("who unmounts leaves nothing behind", count_mounts() == before);
    rmdir(PLACE);
}

/* --- unmounting while memory is short, and the names that were used are taken for it --- */

#define BIG   "/tmp/mounts.big"
#define NAMES 200

/* A hole that does not fit into memory, again and again. */
static void read_much(void) {
    static char part[1 << 20];
    int fd = open(BIG, O_RDONLY);

    for (;;)
        if (read(fd, part, sizeof(part)) <= 0)
            lseek(fd, 0, SEEK_SET);
}

static bool reclaim_began(void) {
    const char *at;

    for (int i = 0; i < 1000; i++, usleep(10000)) {
        slurp("/proc/vmstat");
        if ((at = strstr(text, "pgsteal ")) && atol(at + 8) > 0)
            return true;
    }
    return false;
}

static bool use_and_unmount(void) {
    char name[64];

    if (mount("none", PLACE, "ramfs", 0, NULL) != 0)
        return false;
    for (int i = 0; i < NAMES; i++) {
        sprintf(name, PLACE "/%d", i);
        close(open(name, O_CREAT | O_RDWR, 0600));
    }
    return umount2(PLACE, 0) == 0;
}

static void test_pressure(void) {
    int fd = open(BIG, O_CREAT | O_RDWR, 0600), status;
    struct sysinfo info;

    sysinfo(&info);
    mkdir(PLACE, 0755);
    bool good = fd >= 0 && ftruncate(fd, 2 * (off_t)info.totalram) == 0;
    pid_t reader = start(read_much);
    CHECK("a large file fills the memory", good && reclaim_began());
    for (uint64_t end = now_ms() + RACE_MS; good && now_ms() < end;)
        good = use_and_unmount();
    CHECK("what reclaim frees keeps nothing mounted", good);
    kill(reader, SIGKILL);
    waitpid(reader, &status, 0);
    umount2(PLACE, 0);
    rmdir(PLACE);
    close(fd);
    unlink(BIG);
}

int main(void) {
    test_names();
    test_race();
    test_pressure();
    return check_done();
}
