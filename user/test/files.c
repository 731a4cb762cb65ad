/*
 * Regular files: read, write, holes, truncation, positions, vectors, times, errors.
 */
#include "common/check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FAILS(call, error) ((call) == -1 && errno == (error))
#define BAD ((void *)8)

static char buffer[64 * 1024], back[64 * 1024];
static const char *const path = "/tmp/files-test";

static int fresh(int flags) {
    unlink(path);
    return open(path, O_RDWR | O_CREAT | O_EXCL | flags, 0644);
}

static void fill(char *to, size_t size, unsigned seed) {
    for (size_t i = 0; i < size; i++)
        to[i] = (char)(seed = seed * 1103515245 + 12345);
}

static void test_round_trip(void) {
    int fd = fresh(0);
    fill(buffer, sizeof buffer, 1);
    bool good = true;
    for (size_t size = 1; size <= sizeof buffer && good; size = size * 3 + 1) {
        good = pwrite(fd, buffer, size, 777) == (ssize_t)size &&
               pread(fd, back, size, 777) == (ssize_t)size && !memcmp(buffer, back, size);
    }
    CHECK("pwrite and pread of many sizes", good);
    CHECK("read at the end", pread(fd, back, 10, 1 << 30) == 0);
    close(fd);
}

static void test_big(void) {
    int fd = fresh(0);
    bool good = true;
    for (unsigned i = 0; i < 64 && good; i++) {
        fill(buffer, sizeof buffer, i);
        good = write(fd, buffer, sizeof buffer) == (ssize_t)sizeof buffer;
    }
    CHECK("write 4 MiB", good && fsync(fd) == 0);
    lseek(fd, 0, SEEK_SET);
    for (unsigned i = 0; i < 64 && good; i++) {
        fill(buffer, sizeof buffer, i);
        good = read(fd, back, sizeof back) == (ssize_t)sizeof back &&
               !memcmp(buffer, back, sizeof back);
    }
    CHECK("read 4 MiB back", good && read(fd, back, 1) == 0);
    close(fd);
}

static void test_holes(void) {
    struct stat st;
    int fd = fresh(0);
    CHECK("write far out", pwrite(fd, "x", 1, 5000000) == 1);
    memset(back, 1, 100);
    CHECK("hole reads zeros",
          pread(fd, back, 100, 2500000) == 100 && back[0] == 0 && back[99] == 0);
    CHECK("hole takes no blocks",
          fstat(fd, &st) == 0 && st.st_size == 5000001 && st.st_blocks < 200);
    CHECK("truncate down", ftruncate(fd, 10) == 0 && fstat(fd, &st) == 0 && st.st_size == 10);
    CHECK("write before the cut", pwrite(fd, "0123456789abcdef", 16, 0) == 16);
    CHECK("cut and grow shows zeros", ftruncate(fd, 5) == 0 && ftruncate(fd, 9000) == 0 &&
                                          pread(fd, back, 9000, 0) == 9000 && back[4] == '4' &&
                                          back[5] == 0 && back[15] == 0 && back[8999] == 0);
    close(fd);
    CHECK("truncate by name", truncate(path, 3) == 0 && stat(path, &st) == 0 && st.st_size == 3);
    CHECK("truncate to less than nothing", FAILS(truncate(path, -1), EINVAL));
    CHECK("truncate a directory", FAILS(truncate("/tmp", 0), EISDIR));
}

static void test_positions(void) {
    int fd = fresh(0);
    CHECK("seek from start, here and end",
          write(fd, "hello world", 11) == 11 && lseek(fd, 6, SEEK_SET) == 6 &&
              lseek(fd, -2, SEEK_CUR) == 4 && lseek(fd, -1, SEEK_END) == 10);
    CHECK("seek before the start", FAILS(lseek(fd, -1, SEEK_SET), EINVAL));
    CHECK("seek to nowhere", FAILS(lseek(fd, 0, 99), EINVAL));
    CHECK("seek past the end writes nothing", lseek(fd, 100, SEEK_SET) == 100 &&
                                                  read(fd, back, 1) == 0 &&
                                                  lseek(fd, 0, SEEK_END) == 11);
    int copy = dup(fd);
    lseek(fd, 3, SEEK_SET);
    CHECK("dup shares the position", lseek(copy, 0, SEEK_CUR) == 3);
    CHECK("pread leaves the position", pread(fd, back, 2, 0) == 2 && lseek(fd, 0, SEEK_CUR) == 3);
    close(copy);
    close(fd);
    fd = open(path, O_WRONLY | O_APPEND);
    CHECK("append goes to the end",
          lseek(fd, 0, SEEK_SET) == 0 && write(fd, "!", 1) == 1 && lseek(fd, 0, SEEK_CUR) == 12);
    CHECK("reading what is open for writing", FAILS(read(fd, back, 1), EBADF));
    close(fd);
    fd = open(path, O_RDONLY);
    CHECK("writing what is open for reading", FAILS(write(fd, "x", 1), EBADF));
    CHECK("truncating what is open for reading", FAILS(ftruncate(fd, 0), EINVAL));
    close(fd);
}

static void test_vectors(void) {
    int fd = fresh(0);
    struct iovec out[] = {{"abc", 3}, {NULL, 0}, {"defgh", 5}};
    struct iovec in[] = {{back, 2}, {back + 100, 6}};
    CHECK("writev", writev(fd, out, 3) == 8);
    CHECK("preadv",
          preadv(fd, in, 2, 0) == 8 && !memcmp(back, "ab", 2) && !memcmp(back + 100, "cdefgh", 6));
    static struct iovec many[IOV_MAX + 1];
    for (int i = 0; i <= IOV_MAX; i++)
        many[i] = (struct iovec){"z", 1};
    CHECK("writev of as many pieces as there may be", writev(fd, many, IOV_MAX) == IOV_MAX);
    CHECK("one piece more", FAILS(writev(fd, many, IOV_MAX + 1), EINVAL));
    CHECK("no pieces", writev(fd, many, 0) == 0);
    CHECK("a negative number of pieces", FAILS(writev(fd, many, -1), EINVAL));
    many[0].iov_len = SSIZE_MAX;
    many[1].iov_len = SSIZE_MAX;
    CHECK("pieces longer than all memory", writev(fd, many, 2) == -1);
    CHECK("pieces at a bad address", FAILS(writev(fd, BAD, 2), EFAULT));
    close(fd);
}

static void test_bad_memory(void) {
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(pages + 4096, 4096);
    memset(pages, 'p', 4096);
    int fd = fresh(0);
    CHECK("write from nowhere", FAILS(write(fd, BAD, 10), EFAULT));
    CHECK("write half from nowhere", write(fd, pages + 4000, 200) == 96);
    struct stat st;
    CHECK("only what was there is in the file", fstat(fd, &st) == 0 && st.st_size == 96);
    CHECK("read to nowhere", FAILS(pread(fd, BAD, 10, 0), EFAULT));
    CHECK("read half to nowhere", pread(fd, pages + 4050, 96, 0) == 46);
    CHECK("read of nothing to nowhere", read(fd, BAD, 0) == 0);
    CHECK("a kernel address", FAILS(pread(fd, (void *)-4096ul, 10, 0), EFAULT));
    CHECK("more than there is memory", FAILS(pread(fd, back, (size_t)-1, 0), EFAULT));
    CHECK("a negative position", FAILS(pread(fd, back, 1, -1), EINVAL));
    munmap(pages, 4096);
    close(fd);
}

static void test_descriptors_wrong(void) {
    CHECK("no such descriptor", FAILS(read(99, back, 1), EBADF) &&
                                    FAILS(write(-1, "x", 1), EBADF) &&
                                    FAILS(lseek(1000000, 0, SEEK_SET), EBADF) &&
                                    FAILS(fsync(99), EBADF) && FAILS(close(99), EBADF));
    int fd = open("/tmp", O_RDONLY);
    CHECK("read a directory", FAILS(read(fd, back, 1), EISDIR));
    CHECK("sync a directory", fsync(fd) == 0);
    close(fd);
}

static void test_devices(void) {
    int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR);
    int full = open("/dev/full", O_RDWR), random = open("/dev/urandom", O_RDWR);
    memset(back, 1, 100);
    CHECK("/dev/null", read(null, back, 1) == 0 && write(null, buffer, 1000) == 1000);
    CHECK("/dev/zero", read(zero, back, 100) == 100 && back[0] == 0 && back[99] == 0);
    CHECK("/dev/full", FAILS(write(full, "x", 1), ENOSPC) && read(full, back, 1) == 1);
    CHECK("/dev/urandom", read(random, back, 64) == 64 && read(random, buffer, 64) == 64 &&
                              memcmp(back, buffer, 64) != 0 && write(random, "x", 1) == 1);
    close(null), close(zero), close(full), close(random);
}

static void test_sendfile(void) {
    int fd = fresh(0), ends[2];
    off_t offset = 2;
    CHECK("sendfile to a pipe", write(fd, "0123456789", 10) == 10 && pipe(ends) == 0 &&
                                    sendfile(ends[1], fd, &offset, 5) == 5 && offset == 7 &&
                                    read(ends[0], back, 10) == 5 && !memcmp(back, "23456", 5));
    lseek(fd, 8, SEEK_SET);
    CHECK("sendfile moves the position",
          sendfile(ends[1], fd, NULL, 100) == 2 && lseek(fd, 0, SEEK_CUR) == 10);
    CHECK("sendfile from a pipe", FAILS(sendfile(fd, ends[0], NULL, 1), EINVAL));
    CHECK("sendfile to what is closed", FAILS(sendfile(99, fd, NULL, 1), EBADF));
    close(ends[0]), close(ends[1]), close(fd);
}

static void test_attributes(void) {
    struct stat st;
    int fd = fresh(0);
    CHECK("fchmod", fchmod(fd, 0640) == 0 && fstat(fd, &st) == 0 && st.st_mode == (S_IFREG | 0640));
    struct timespec times[2] = {{1000, 5}, {2000, 999999999}};
    CHECK("futimens", futimens(fd, times) == 0 && fstat(fd, &st) == 0 && st.st_atime == 1000 &&
                          st.st_mtime == 2000 && st.st_mtim.tv_nsec == 999999999);
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_nsec = UTIME_NOW;
    CHECK("UTIME_OMIT and UTIME_NOW", futimens(fd, times) == 0 && fstat(fd, &st) == 0 &&
                                          st.st_atime == 1000 && st.st_mtime > 1000000);
    times[0].tv_nsec = 1000000000;
    CHECK("a second too long", FAILS(futimens(fd, times), EINVAL));
    times[1] = (struct timespec){5, 0};
    times[0] = (struct timespec){5, 0};
    CHECK("a write changes mtime", futimens(fd, times) == 0 && write(fd, "x", 1) == 1 &&
                                       fstat(fd, &st) == 0 && st.st_mtime > 5 && st.st_blocks > 0);
    close(fd);
}

static void test_limit(void) {
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = {100, 100};
        int fd = fresh(0);
        setrlimit(RLIMIT_FSIZE, &limit);
        if (write(fd, buffer, 200) != 100)
            _exit(1);
        (void)!write(fd, buffer, 1);
        _exit(2);
    }
    int status;
    CHECK("RLIMIT_FSIZE cuts a write off, then kills", waitpid(child, &status, 0) == child &&
                                                           WIFSIGNALED(status) &&
                                                           WTERMSIG(status) == SIGXFSZ);
}

static void test_unlinked(void) {
    struct stat st;
    int fd = fresh(0);
    CHECK("an unlinked file stays open",
          write(fd, "still", 5) == 5 && unlink(path) == 0 && FAILS(stat(path, &st), ENOENT) &&
              pread(fd, back, 5, 0) == 5 && fstat(fd, &st) == 0 && st.st_nlink == 0);
    close(fd);
}

/* Its blocks are freed by the last close, when nothing of it waits to be written any more. */
static void test_synced_unlinked(void) {
    bool good = true;
    for (int i = 0; i < 64 && good; i++) {
        int fd = open(path, O_RDWR | O_CREAT, 0600), other = open("/tmp", O_RDONLY);
        good = write(fd, "gone", 4) == 4 && unlink(path) == 0 && fsync(fd) == 0 && close(fd) == 0;
        close(other);
    }
    sync();
    CHECK("synced without a name, then closed", good);
}

int main(void) {
    test_round_trip();
    test_big();
    test_holes();
    test_positions();
    test_vectors();
    test_bad_memory();
    test_descriptors_wrong();
    test_devices();
    test_sendfile();
    test_attributes();
    test_limit();
    test_unlinked();
    test_synced_unlinked();
    unlink(path);
    return check_done();
}
