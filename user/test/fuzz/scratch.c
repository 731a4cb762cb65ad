/*
 * The workers' root directory. See scratch.h.
 */
#include "scratch.h"
#include "life.h"

#include "../common/proc_text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define DIR_PATH "/tmp/fuzz"
#define BROKEN 8

static const struct node {
    const char *name;
    mode_t mode;
    unsigned major, minor;
} nodes[] = {
    { "dev/null", S_IFCHR | 0666, 1, 3 },   { "dev/zero", S_IFCHR | 0666, 1, 5 },
    { "dev/full", S_IFCHR | 0666, 1, 7 },   { "dev/random", S_IFCHR | 0666, 1, 8 },
    { "dev/tty", S_IFCHR | 0666, 5, 0 },    { "dev/ptmx", S_IFCHR | 0666, 5, 2 },
    { "fifo", S_IFIFO | 0666, 0, 0 },       { "tmp/fifo", S_IFIFO | 0666, 0, 0 },
};

/* A name such as a worker makes now and then, of whatever lies in its memory. */
#define ODD "odd \\ \t\nname"

static const struct { const char *name; mode_t mode; } folders[] = {
    { "", 0777 }, { "bin", 0755 }, { "dev", 0755 }, { "dev/pts", 0755 }, { "proc", 0755 }, { "tmp", 0777 },
    { ODD, 0777 },
};

static const char *in_scratch(const char *name) {
    static char path[128];

    snprintf(path, sizeof(path), DIR_PATH "/%s", name);
    return path;
}

/* A swap disk, where there is one, has a name too. */
static void swap_disk_make(void) {
    struct stat s;

    if (stat("/dev/vdb", &s) == 0)
        mknod(in_scratch("dev/vdb"), S_IFBLK | 0600, s.st_rdev);
}

bool scratch_make(void) {
    umask(0);
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        mkdir(in_scratch(folders[i].name), folders[i].mode);
        chown(in_scratch(folders[i].name), 0, 0);
        chmod(in_scratch(folders[i].name), folders[i].mode);
    }
    for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
        mknod(in_scratch(nodes[i].name), nodes[i].mode, makedev(nodes[i].major, nodes[i].minor));
    swap_disk_make();
    mount("proc", in_scratch("proc"), "proc", 0, NULL);
    mount("devpts", in_scratch("dev/pts"), "devpts", 0, NULL);
    mount(ODD, in_scratch(ODD), "ramfs", 0, NULL);
    return access(in_scratch("proc/mounts"), F_OK) == 0;
}

static bool file_write(const char *name, const void *from, size_t size) {
    int fd = open(in_scratch(name), O_WRONLY | O_CREAT | O_TRUNC, 0755);
    bool good = fd >= 0 && write(fd, from, size) == (ssize_t)size;

    close(fd);
    return good;
}

/* The header and the segments are what exec reads; of the rest the program would die by itself. */
static void break_bytes(struct stream *s, char *program) {
    for (unsigned i = 1 + stream_below(s, 6); i > 0; i--)
        program[stream_below(s, 64 + 4 * 56)] = (char)stream_next(s);
}

bool scratch_programs(unsigned long round) {
    static char good[32768], bad[32768];
    struct stream s = stream_derive(run.seed, ~round);
    int fd = open("/bin/true", O_RDONLY);
    ssize_t size = read(fd, good, sizeof(good));

    close(fd);
    if (size <= 0 || !file_write("bin/true", good, size) || !file_write("bin/script", "#!/bin/true x\n", 14))
        return false;
    for (int i = 0; i < BROKEN; i++) {
        char name[16];
        snprintf(name, sizeof(name), "bin/bad%d", i);
        memcpy(bad, good, size);
        break_bytes(&s, bad);
        if (!file_write(name, bad, size - (i % 2 ? stream_below(&s, size) : 0)))
            return false;
    }
    return true;
}

int scratch_enter(void) {
    return chroot(DIR_PATH) != 0 || chdir("/") != 0 ? -1 : 0;
}

void scratch_furnish(void) {
    static const char *const furniture[] = { "/", "/tmp", "/c", "/d", "/c/c", "/m" };
    static const char *const files[] = { "/a", "/b", "/c/a", "/c/b", "/d/a", "/tmp/a", "/c/c/a" };

    for (size_t i = 0; i < sizeof(furniture) / sizeof(furniture[0]); i++)
        if (mkdir(furniture[i], 0777) != 0)
            chmod(furniture[i], 0777);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        if (close(open(files[i], O_RDWR | O_CREAT, 0666)) == 0)
            chmod(files[i], 0666);
    symlink("/c", "/link");
}

/* A blank in a field is a backslash and three octal digits (proc(5)). */
static void unescape(char *field) {
    char *to = field;

    for (; *field; field++)
        if (*field == '\\') {
            *to++ = (char)((field[1] - '0') << 6 | (field[2] - '0') << 3 | (field[3] - '0'));
            field += 3;
        } else {
            *to++ = *field;
        }
    *to = '\0';
}

/* Where a line of /proc/mounts says that something of ours is mounted: cut out of it, or NULL. */
static char *mount_place(char *line) {
    char *place = strchr(line, ' '), *end = place ? strchr(++place, ' ') : NULL;

    if (!end || strncmp(place, DIR_PATH, sizeof(DIR_PATH) - 1) != 0)
        return NULL;
    *end = '\0';
    unescape(place);
    return place;
}

/* Unmounts what can be: how many. One may hide another, or lie on it. `tell`: says what cannot, and why. */
static int unmount_some(bool tell) {
    char *rest;
    int count = 0;

    slurp("/proc/mounts");
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        const char *place = mount_place(line);
        bool done = place && umount2(place, 0) == 0;
        count += done;
        if (place && tell)
            printf("umount %s: %s\n", place, done ? "done" : strerror(errno));
    }
    return count;
}

static void remove_in(int dir);

static void remove_name(int dir, const char *name) {
    if (unlinkat(dir, name, 0) == 0)
        return;
    int inner = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (inner >= 0)
        remove_in(inner);
    unlinkat(dir, name, AT_REMOVEDIR);
}

/* Empties the directory and closes it. */
static void remove_in(int dir) {
    DIR *stream = fdopendir(dir);
    struct dirent *entry;

    while (stream && (entry = readdir(stream)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            remove_name(dirfd(stream), entry->d_name);
    if (stream)
        closedir(stream);
}

bool scratch_empty(void) {
    while (unmount_some(false) > 0)
        ;
    remove_name(AT_FDCWD, DIR_PATH);
    if (access(DIR_PATH, F_OK) != 0)
        return true;
    system("mount; find " DIR_PATH);
    while (unmount_some(true) > 0)
        ;
    return false;
}
