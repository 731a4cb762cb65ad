/* The rows of files. */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

#define PAGE 4096

static int file_fd;
static char block[64 * 1024];

static void create_unlink(void) {
    int fd = open("/tmp/bench.new", O_CREAT | O_EXCL | O_WRONLY, 0644);
    if (fd < 0 || write(fd, block, 1024) != 1024 || close(fd) || unlink("/tmp/bench.new"))
        fail("create");
}

static void open_close(void) {
    int fd = open("/tmp/bench.a/b/file", O_RDONLY);
    if (fd < 0)
        fail("open");
    close(fd);
}

static void make_tree(void) {
    mkdir("/tmp", 01777);
    mkdir("/tmp/bench.a", 0755);
    mkdir("/tmp/bench.a/b", 0755);
    file_fd = open("/tmp/bench.a/b/file", O_CREAT | O_RDWR, 0644);
    if (file_fd < 0)
        fail("/tmp/bench.a/b/file");
}

static void remove_tree(void) {
    close(file_fd);
    unlink("/tmp/bench.a/b/file");
    rmdir("/tmp/bench.a/b");
    rmdir("/tmp/bench.a");
}

static void write_file(void) {
    if (pwrite(file_fd, block, sizeof block, 0) != sizeof block)
        fail("write");
}

static void read_file(void) {
    if (pread(file_fd, block, sizeof block, 0) != sizeof block)
        fail("read");
}

/* As measure, but for 64 KiB a round; the row is for one KiB. */
static void measure_kib(const char *name, void (*body)(void)) {
    enum { ROUNDS = 50 };
    body();
    unsigned long start = now();
    for (int i = 0; i < ROUNDS; i++)
        body();
    report(name, (now() - start) / ROUNDS / (sizeof block / 1024));
}

/* A page of a file that is in the page cache: mapped, read, and unmapped. */
static void map_cached(void) {
    volatile char *page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, file_fd, 0);
    if (page == MAP_FAILED || page[0] != 'x' || munmap((void *)page, PAGE))
        fail("mmap");
}

void bench_files(void) {
    memset(block, 'x', sizeof block);
    make_tree();
    measure("create_unlink", 200, create_unlink);
    measure("open_close", 2000, open_close);
    measure_kib("write_kib", write_file);
    measure_kib("read_kib", read_file);
    measure("mmap_cached", 2000, map_cached);
    remove_tree();
}
