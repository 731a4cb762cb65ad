/*
 * /proc/PID/maps and smaps: areas with the names of what they show, in Linux's own format.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define PAGE 4096ul

/* A line of maps (proc(5)). */
struct area {
    unsigned long start, end, offset, inode;
    unsigned major, minor;
    char rights[5], name[256];
};

static bool area_parse(const char *line, struct area *area) {
    *area = (struct area){ .name = "" };
    return sscanf(line, "%lx-%lx %4s %lx %x:%x %lu %255[^\n]", &area->start, &area->end, area->rights,
                  &area->offset, &area->major, &area->minor, &area->inode, area->name) >= 7;
}

/* The area around an address of this process. */
static bool area_of(const void *address, struct area *area) {
    char line[512];
    bool found = false;
    FILE *f = fopen("/proc/self/maps", "r");

    while (f && !found && fgets(line, sizeof(line), f))
        found = area_parse(line, area) && area->start <= (unsigned long)address &&
                (unsigned long)address < area->end;
    if (f)
        fclose(f);
    return found;
}

static bool name_is(const void *address, const char *name) {
    struct area area;

    return area_of(address, &area) && strcmp(area.name, name) == 0;
}

/* Some KiB of the area at `address`, by its row in smaps; -1 if there is none. */
static long smaps_value(const void *address, const char *row) {
    char line[512];
    struct area area;
    bool here = false;
    long value = -1;
    FILE *f = fopen("/proc/self/smaps", "r");

    while (f && value < 0 && fgets(line, sizeof(line), f)) {
        if (area_parse(line, &area))
            here = area.start <= (unsigned long)address && (unsigned long)address < area.end;
        else if (here && strncmp(line, row, strlen(row)) == 0)
            value = atol(line + strlen(row));
    }
    if (f)
        fclose(f);
    return value;
}

static void test_program(void) {
    struct area area;
    int local = 0;

    CHECK("the program's text", area_of((void *)test_program, &area) &&
                                    strcmp(area.rights, "r-xp") == 0 && area.offset == 0);
    check_text("has its path", area.name, own_path());
    CHECK("the stack", name_is(&local, "[stack]"));
    char *end = sbrk(64 * PAGE);
    CHECK("the heap", name_is(end, "[heap]"));
    char *at = mmap(NULL, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK("memory of no file has no name", area_of(at + PAGE, &area) && !*area.name &&
                                               !area.inode && strcmp(area.rights, "r--p") == 0);
    munmap(at, 3 * PAGE);
    CHECK("what is unmapped is not there", !area_of(at + PAGE, &area));
    at = mmap(NULL, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK("shared memory", name_is(at, "/dev/zero (deleted)"));
    munmap(at, PAGE);
}

static char *map_file(const char *path, unsigned long offset, int flags) {
    static char bytes[4 * PAGE];
    int fd = open(path, O_RDWR | O_CREAT, 0644);

    if (write(fd, bytes, sizeof(bytes)) != sizeof(bytes))
        return NULL;
    char *at = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, flags, fd, offset);
    close(fd);
    return at;
}

static void test_file(void) {
    struct area area;
    struct stat st;
    char *at = map_file("/tmp/maps-a", PAGE, MAP_SHARED);

    stat("/tmp/maps-a", &st);
    CHECK("a file's area", area_of(at, &area) && area.offset == PAGE && !strcmp(area.rights, "rw-s"));
    CHECK("its device and inode", area.inode == st.st_ino && area.major == major(st.st_dev) &&
                                      area.minor == minor(st.st_dev));
    check_text("its name", area.name, "/tmp/maps-a");
    mprotect(at, PAGE, PROT_READ);
    CHECK("a part of it", area_of(at + PAGE, &area) && area.offset == 2 * PAGE &&
                              !strcmp(area.name, "/tmp/maps-a"));
    rename("/tmp/maps-a", "/tmp/maps-b");
    CHECK("after a rename", name_is(at, "/tmp/maps-b"));
    link("/tmp/maps-b", "/tmp/maps-c");
    unlink("/tmp/maps-b");
    CHECK("when the name by which it was opened has gone", name_is(at, "/tmp/maps-b (deleted)"));
    at[PAGE] = 7;
    int fd = open("/tmp/maps-c", O_RDONLY);
    char byte = 0;
    CHECK("the file is the same", pread(fd, &byte, 1, 2 * PAGE) == 1 && byte == 7);
    close(fd);
    unlink("/tmp/maps-c");
    munmap(at, 2 * PAGE);
}

static void test_strange_names(void) {
    char *at = map_file("/tmp/two\nlines", 0, MAP_PRIVATE), deep[900] = "/tmp/maps", line[1024];

    CHECK("a name with a line end stays on its line", name_is(at, "/tmp/two\\012lines"));
    unlink("/tmp/two\nlines");
    munmap(at, 2 * PAGE);
    for (int i = 0; i < 7; i++) {
        mkdir(deep, 0755);
        size_t length = strlen(deep);
        memset(deep + length, 'd', 100);
        deep[length] = '/';
        deep[length + 100] = '\0';
    }
    at = map_file(deep, 0, MAP_PRIVATE);
    FILE *f = fopen("/proc/self/maps", "r");
    bool found = false;
    while (f && fgets(line, sizeof(line), f))
        found |= strstr(line, deep) != NULL;
    fclose(f);
    CHECK("a long path", found);
    munmap(at, 2 * PAGE);
    unlink(deep);
    for (char *slash; (slash = strrchr(deep, '/')) > deep + 4;) {
        *slash = '\0';
        rmdir(deep);
    }
}

/* The last user of a file that has no name any more: its blocks come back. */
static int die_with_mapping(void *unused) {
    (void)unused;
    char *at = map_file("/tmp/maps-d", 0, MAP_SHARED);

    unlink("/tmp/maps-d");
    at[0] = 1;
    return name_is(at, "/tmp/maps-d (deleted)") ? 0 : 1;
}

static int look_at_parent(void *unused) {
    char path[64];

    (void)unused;
    snprintf(path, sizeof(path), "/proc/%d/maps", (int)getppid());
    if (open(path, O_RDONLY) < 0 || setuid(1000) != 0)
        return 1;
    return open(path, O_RDONLY) == -1 && errno == EACCES ? 0 : 2;
}

static int write_one(void *page) {
    *(volatile char *)page = 2;
    return smaps_value(page, "Private_Dirty:") == 4 && smaps_value(page, "Rss:") == 16 ? 0 : 1;
}

static void test_residency(void) {
    char *at = mmap(NULL, 10 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    for (int i = 0; i < 4; i++)
        at[i * PAGE] = 1;
    CHECK("size and what is in memory", smaps_value(at, "Size:") == 40 && smaps_value(at, "Rss:") == 16);
    CHECK("all its own", smaps_value(at, "Pss:") == 16 && smaps_value(at, "Private_Dirty:") == 16 &&
                             smaps_value(at, "Anonymous:") == 16);
    CHECK("a child that wrote to one of them has that", exited_with(child_run(write_one, at), 0));
    CHECK("text is a file's", smaps_value((void *)test_residency, "Anonymous:") == 0 &&
                                  smaps_value((void *)test_residency, "Rss:") > 0);
    mlock(at, 10 * PAGE);
    CHECK("locked", smaps_value(at, "Locked:") == 40 && smaps_value(at, "Rss:") == 40);
    munmap(at, 10 * PAGE);
}

#define MANY 3000

/* More than one piece of text: every other page of an area differs, so each is an area and a run. */
static void test_many(void) {
    char *at = mmap(NULL, MANY * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char line[512];
    struct area area;
    unsigned long next = (unsigned long)at, areas = 0, runs = 0, start, end;

    memset(at, 1, MANY * PAGE);
    for (int i = 0; i < MANY; i += 2)
        mprotect(at + i * PAGE, PAGE, PROT_READ);
    FILE *f = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof(line), f))
        if (area_parse(line, &area) && area.start == next && area.end == next + PAGE) {
            next += PAGE;
            areas++;
        }
    fclose(f);
    CHECK("three thousand areas", areas >= MANY - 1);
    CHECK("and what is in memory of the last one",
          smaps_value(at + (MANY - 1) * PAGE, "Rss:") >= 4);
    f = fopen("/proc/self/pagetable", "r");
    for (next = (unsigned long)at; fgets(line, sizeof(line), f);)
        if (sscanf(line, "%lx-%lx", &start, &end) == 2 && start == next && end == next + PAGE) {
            next += PAGE;
            runs++;
        }
    fclose(f);
    CHECK("as many runs of pages", runs >= MANY - 1);
    munmap(at, MANY * PAGE);
}

int main(void) {
    test_program();
    test_file();
    test_strange_names();
    CHECK("a nameless file's last mapping", exited_with(child_run(die_with_mapping, NULL), 0));
    test_residency();
    test_many();
    CHECK("not for other users", exited_with(child_run(look_at_parent, NULL), 0));
    return check_done();
}
