/*
 * /proc: its names, what they say about a process that we know, and processes that come and go
 * meanwhile.
 */
#include "common/check.h"
#include "common/child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096ul

static char text[65536];

static const char *slurp(const char *path) {
    size_t length = 0;
    ssize_t n;
    int fd = open(path, O_RDONLY);

    while (fd >= 0 && length < sizeof(text) - 1 &&
           (n = read(fd, text + length, sizeof(text) - 1 - length)) > 0)
        length += n;
    text[length] = '\0';
    close(fd);
    return text;
}

static long number_after(const char *path, const char *name) {
    const char *at = strstr(slurp(path), name);

    return at ? atol(at + strlen(name)) : -1;
}

static int sleep_long(void *unused) {
    (void)unused;
    sleep(1000);
    return 0;
}

static bool listed(pid_t pid) {
    DIR *dir = opendir("/proc");
    struct dirent *entry;
    bool found = false;

    while (dir && (entry = readdir(dir)))
        found |= atol(entry->d_name) == pid;
    closedir(dir);
    return found;
}

static void test_names(void) {
    char path[64], link[32] = "";
    struct stat st;
    pid_t child = child_start(sleep_long, NULL);

    snprintf(path, sizeof(path), "/proc/%d", (int)child);
    CHECK("a process has a directory", stat(path, &st) == 0 && S_ISDIR(st.st_mode));
    CHECK("which is listed", listed(child));
    CHECK("self is this process", readlink("/proc/self", link, sizeof(link)) > 0 &&
                                      atoi(link) == getpid());
    snprintf(path, sizeof(path), "/proc/%d/maps", (int)child);
    int fd = open(path, O_RDONLY);
    kill(child, SIGKILL);
    child_wait(child);
    CHECK("an open file outlives its process", read(fd, text, 100) > 0);
    close(fd);
    CHECK("the names do not", open(path, O_RDONLY) < 0 && errno == ENOENT && !listed(child));
    CHECK("no such entry", stat("/proc/self/none", &st) < 0 && errno == ENOENT);
    CHECK("leading zeros are no pid", stat("/proc/01", &st) < 0 && errno == ENOENT);
    CHECK("nothing can be made", mkdir("/proc/x", 0777) < 0 && unlink("/proc/meminfo") < 0 &&
                                     open("/proc/y", O_CREAT | O_RDWR, 0600) < 0);
    CHECK("nor written", open("/proc/meminfo", O_WRONLY) < 0 && errno == EACCES);
    CHECK("nor mapped", mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, open("/proc/meminfo", O_RDONLY),
                             0) == MAP_FAILED && errno == ENODEV);
}

static void test_memory_counts(void) {
    char *at = mmap(NULL, 256 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long anon = number_after("/proc/meminfo", "AnonPages:"), zero = number_after("/proc/vmstat", "pgzero ");

    memset(at, 1, 256 * PAGE);
    CHECK("AnonPages grows by what is touched",
          number_after("/proc/meminfo", "AnonPages:") >= anon + 1024);
    CHECK("so do the zero-fill faults", number_after("/proc/vmstat", "pgzero ") >= zero + 256);
    munmap(at, 256 * PAGE);
    CHECK("and comes back", number_after("/proc/meminfo", "AnonPages:") < anon + 512);
}

/* Every open of the disk itself starts with nothing in memory. */
static void test_disk_counts(void) {
    int disk = open("/dev/vda", O_RDONLY), file = open("/counted", O_RDWR | O_CREAT, 0600);
    long in = number_after("/proc/vmstat", "pgpgin "), out, size = 0;

    for (ssize_t n; size < 256 << 10 && (n = read(disk, text, sizeof(text))) > 0; size += n)
        continue;
    in = number_after("/proc/vmstat", "pgpgin ") - in;
    CHECK("pgpgin counts KiB that are read", size == 256 << 10 && in >= 256 && in < 1024);
    sync();
    out = number_after("/proc/vmstat", "pgpgout ");
    CHECK("write", write(file, text, sizeof(text)) == sizeof(text) && fsync(file) == 0);
    out = number_after("/proc/vmstat", "pgpgout ") - out;
    CHECK("pgpgout counts KiB that are written", out >= 64 && out < 1024);
    in = number_after("/proc/vmstat", "pgpgin ");
    CHECK("what is in memory is not read",
          pread(file, text, sizeof(text), 0) == sizeof(text) &&
              number_after("/proc/vmstat", "pgpgin ") - in < 16);
    close(disk);
    close(file);
    unlink("/counted");
}

/* The sum of what `value` makes of each row of four numbers below a table's heading. */
static long add_rows(const char *path, long (*value)(const long *row)) {
    long row[4], sum = 0;

    for (const char *line = strchr(slurp(path), '\n');
         line && sscanf(line, "%ld %ld %ld %ld", row, row + 1, row + 2, row + 3) == 4;
         line = strchr(line + 1, '\n'))
        sum += value(row);
    return sum;
}

static long objects_used(const long *row) { return row[1]; }
static long kib_of_order(const long *row) { return row[1] * (row[2] + row[3]); }

static void test_allocators(void) {
    long before = add_rows("/proc/heapinfo", objects_used), during;
    int fds[100];

    for (int i = 0; i < 100; i++)
        fds[i] = open("/dev/null", O_RDONLY);
    during = add_rows("/proc/heapinfo", objects_used);
    for (int i = 0; i < 100; i++)
        close(fds[i]);
    CHECK("heapinfo counts the objects of open files", fds[99] >= 0 && during >= before + 100);
    CHECK("and they go", add_rows("/proc/heapinfo", objects_used) < before + 50);
    long blocks = add_rows("/proc/buddyinfo", kib_of_order);
    CHECK("buddyinfo's blocks are all of memory",
          blocks + 4 * atol(strstr(text, "harts:") + 6) == number_after("/proc/meminfo", "MemTotal:"));
}

/* The walk of an address: physical memory does not say whose it is, but states can be told apart. */
static bool walk_says(int fd, const void *address, const char *wanted) {
    char question[32];
    int length = snprintf(question, sizeof(question), "%lx\n", (unsigned long)address);

    if (write(fd, question, length) != length)
        return false;
    ssize_t size = read(fd, text, sizeof(text) - 1);
    text[size > 0 ? size : 0] = '\0';
    return strstr(text, wanted);
}

static void test_walk(void) {
    char *at = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int fd = open("/proc/self/walk", O_RDWR);

    CHECK("walk of an untouched page", walk_says(fd, at, "it will be filled with zeros"));
    at[0] = 1;
    CHECK("walk of a touched one", walk_says(fd, at, "physical ") && strstr(text, "da-u-wrv"));
    CHECK("its last step is level 0", strstr(text, "level 0"));
    CHECK("walk of the kernel", walk_says(fd, (void *)0xffffffff80200000, "physical ") &&
                                    !strstr(strstr(text, "level 0"), "u"));
    CHECK("walk of nothing", walk_says(fd, (void *)0x7000, "nothing is mapped"));
    CHECK("walk of no address", walk_says(fd, (void *)0x8000000000000000, "bits 63 to 39"));
    CHECK("no number", write(fd, "zz\n", 3) < 0 && errno == EINVAL);
    CHECK("too long", write(fd, text, 40) < 0 && errno == EINVAL);
    CHECK("a bad pointer", write(fd, (void *)8, 4) < 0 && errno == EFAULT);
    munmap(at, 4 * PAGE);
    close(fd);
}

static bool tell(const char *path, const char *line) {
    int fd = open(path, O_WRONLY | O_TRUNC);
    bool told = write(fd, line, strlen(line)) == (ssize_t)strlen(line);

    close(fd);
    return told;
}

static int switch_policy_as_user(void *unused) {
    (void)unused;
    return setuid(1000) == 0 && open("/proc/replace", O_WRONLY) < 0 && errno == EACCES ? 0 : 1;
}

static void test_replace(void) {
    char before[16] = "clock";

    sscanf(strchr(slurp("/proc/replace"), '['), "[%15[a-z]", before);
    CHECK("replace lists the policies", strstr(text, "clock") && strstr(text, "fifo") &&
                                            strstr(text, "lru"));
    CHECK("a name switches", tell("/proc/replace", "lru\n") &&
                                 strstr(slurp("/proc/replace"), "[lru]") && !strstr(text, "[clock]"));
    CHECK("without a line's end too", tell("/proc/replace", "fifo") &&
                                          strstr(slurp("/proc/replace"), "[fifo]"));
    CHECK("an unknown one does not", !tell("/proc/replace", "mru\n") && errno == EINVAL &&
                                         !tell("/proc/replace", "\n") && errno == EINVAL &&
                                         strstr(slurp("/proc/replace"), "[fifo]"));
    CHECK("it is root's to switch", exited_with(child_run(switch_policy_as_user, NULL), 0));
    CHECK("and back", tell("/proc/replace", before));
}

static int end_at_once(void *unused) {
    (void)unused;
    return 0;
}

static int come_and_go(void *unused) {
    (void)unused;
    for (int i = 0; i < 150; i++)
        child_run(end_at_once, NULL);
    return 0;
}

static void test_coming_and_going(void) {
    long before = memory_free();
    pid_t children[3];
    int reads = 0;

    for (int i = 0; i < 3; i++)
        children[i] = child_start(come_and_go, NULL);
    while (waitpid(children[0], NULL, WNOHANG) == 0) {
        DIR *dir = opendir("/proc");
        struct dirent *entry;

        while (dir && (entry = readdir(dir))) {
            char path[300];

            snprintf(path, sizeof(path), "/proc/%s/smaps", entry->d_name);
            if (atoi(entry->d_name))
                reads += strlen(slurp(path)) > 0;
        }
        closedir(dir);
    }
    child_wait(children[1]);
    child_wait(children[2]);
    CHECK("read while processes come and go", reads > 0);
    CHECK("nothing of them stays", memory_is_back(before, 256 << 10));
}

static int read_another(void *pid) {
    char path[64];

    snprintf(path, sizeof(path), "/proc/%ld/pagetable", (long)pid);
    if (setuid(1000) != 0)
        return 1;
    return open(path, O_RDONLY) == -1 && errno == EACCES ? 0 : 2;
}

int main(void) {
    test_names();
    test_memory_counts();
    test_disk_counts();
    test_allocators();
    test_walk();
    test_replace();
    test_coming_and_going();
    CHECK("another user's page table",
          exited_with(child_run(read_another, (void *)(long)getpid()), 0));
    return check_done();
}
