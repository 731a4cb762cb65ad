/*
 * Arguments that are names of files. There are few, so that lives meet at the same ones; all of them
 * lead to places inside the scratch directory, which is every worker's root.
 */
#include "arguments.h"

#include <stdio.h>
#include <string.h>

static const char *const plain[] = {
    "a", "b", "c", "d", "/a", "/b", "/c", "/d", "/c/a", "/c/b", "/d/a", "/d/b", "c/c", "/c/c/a", "/d/c",
    "/tmp", "/tmp/a", "/tmp/b", "/link", "link/a", "/fifo", ".", "..", "../a", "/", "", "/c//b", "/m",
    "/m/a", "/d/../a", "/c/./b/", "a/b",
};

static const char *const special[] = {
    "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/tty", "/dev/ptmx", "/dev", "/dev/pts/0",
    "/dev/pts/1", "/dev/pts/2", "/proc", "/proc/self", "/proc/thread-self/comm", "/proc/mounts",
    "/proc/frames", "/proc/heapinfo", "/proc/stat", "/proc/swap_pages", "/proc/interrupts",
    "/proc/cpuinfo", "/proc/replace", "/proc/1/stat", "/proc/1/fd",
};

static const char *const of_process[] = {
    "stat", "status", "cmdline", "comm", "maps", "smaps", "fd", "fd/0", "fd/3", "fd/7", "cwd", "root",
    "task", "pagemap", "environ", "statm", "limits", "auxv", "",
};

static const char *const programs[] = {
    "/bin/true", "/bin/script", "/bin/bad0", "/bin/bad1", "/bin/bad2", "/bin/bad3", "/bin/bad4",
    "/bin/bad5", "/bin/bad6", "/bin/bad7", "a", "/proc/self/exe",
};

#define PICK(stream, list) list[stream_below(stream, sizeof(list) / sizeof(list[0]))]

/* As long as a component may be, or one longer; a path that is as long as it may be, or longer. */
static void long_name(struct stream *s, char *to) {
    unsigned length = stream_once_in(s, 2) ? 254 + stream_below(s, 3) : 4093 + stream_below(s, 4);

    for (unsigned i = 0; i < length; i++)
        to[i] = length < 300 || i % 2 ? 'x' : '/';
    to[length] = '\0';
}

/*
 * Of one's own process, or another's: what is there may end while it is looked at. The links of those
 * who were there before lead out of the scratch directory, so root has none of them.
 */
static void process_name(struct life *life, char *to) {
    struct stream *s = &life->stream;
    const char *entry = PICK(s, of_process);
    int pid = (int)number_make(life, PID);

    if (pid <= run.supervisor)
        sprintf(to, "/proc/%d/%s", pid, life->root ? "stat" : entry);
    else if (stream_once_in(s, 2))
        sprintf(to, "/proc/self/%s", entry);
    else
        sprintf(to, "/proc/%d/%s", pid, entry);
}

uint64_t name_make(struct life *life, enum kind kind) {
    struct stream *s = &life->stream;
    unsigned how = stream_below(s, 24);
    char *name = room_make(life, how == 0 ? 8192 : 256);

    if (kind == SWAP_DISK)
        strcpy(name, "/dev/vdb");
    else if (kind == PROGRAM)
        strcpy(name, PICK(s, programs));
    else if (how == 0)
        long_name(s, name);
    else if (how < 3)
        process_name(life, name);
    else if (how < 7)
        strcpy(name, PICK(s, special));
    else
        strcpy(name, PICK(s, plain));
    return (uint64_t)name;
}
