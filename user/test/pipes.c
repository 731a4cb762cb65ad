/*
 * Pipes and fifos: order, atomicity, blocking, ends that close.
 */
#include "common/check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILS(call, error) ((call) == -1 && errno == (error))
#define CAPACITY 65536
#define MOMENTS  1000

static char buffer[CAPACITY + 4096], back[CAPACITY];
static const char *const fifo = "/tmp/pipes-test";

static bool ended_with(pid_t child, int code) {
    int status;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == code;
}

static void test_basics(void) {
    int ends[2], bytes;
    struct stat st;
    CHECK("pipe", pipe(ends) == 0 && write(ends[1], "abc", 3) == 3);
    CHECK("FIONREAD", ioctl(ends[0], FIONREAD, &bytes) == 0 && bytes == 3);
    CHECK("read takes what is there", read(ends[0], back, 100) == 3 && !memcmp(back, "abc", 3));
    CHECK("fstat says fifo", fstat(ends[0], &st) == 0 && S_ISFIFO(st.st_mode));
    CHECK("no seeking",
          FAILS(lseek(ends[0], 0, SEEK_SET), ESPIPE) && FAILS(pread(ends[0], back, 1, 0), ESPIPE));
    CHECK("the wrong end",
          FAILS(read(ends[1], back, 1), EBADF) && FAILS(write(ends[0], "x", 1), EBADF));
    close(ends[1]);
    CHECK("the end of file", read(ends[0], back, 1) == 0);
    close(ends[0]);
    CHECK("pipe2 of unknown flags", FAILS(pipe2(ends, 0x40000000), EINVAL));
    CHECK("pipe to nowhere", FAILS(syscall(SYS_pipe2, 8, 0), EFAULT));
}

static void test_nonblocking(void) {
    int ends[2];
    CHECK("pipe2 O_NONBLOCK", pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0 &&
                                  (fcntl(ends[0], F_GETFL) & O_NONBLOCK) &&
                                  fcntl(ends[0], F_GETFD) == FD_CLOEXEC);
    CHECK("nothing to read", FAILS(read(ends[0], back, 1), EAGAIN));
    CHECK("fill it", write(ends[1], buffer, sizeof buffer) == CAPACITY);
    CHECK("no room", FAILS(write(ends[1], "x", 1), EAGAIN));
    CHECK("a small write goes whole or not", read(ends[0], back, 4096) == 4096 &&
                                                 write(ends[1], buffer, 4000) == 4000 &&
                                                 FAILS(write(ends[1], buffer, 4096), EAGAIN));
    CHECK("F_GETPIPE_SZ", fcntl(ends[0], F_GETPIPE_SZ) == CAPACITY);
    close(ends[0]), close(ends[1]);
}

/* Short messages over the ends of pages, the program's and the pipe's, which is never empty meanwhile. */
static void test_short(void) {
    static char pages[2 * 4096] __attribute__((aligned(4096)));
    enum { AHEAD = 7, MESSAGES = 20000 };
    unsigned char sent = 0, got = 0;
    int ends[2];
    bool good = pipe(ends) == 0;
    for (int i = 0; i < AHEAD; i++)
        good &= write(ends[1], &sent, 1) == 1 && ++sent;
    for (int i = 0; i < MESSAGES && good; i++) {
        long size = 1 + i % 19;
        char *place = pages + 4096 - i % 23;
        for (long j = 0; j < size; j++)
            place[j] = sent++;
        good = write(ends[1], place, size) == size;
        memset(place, 0, size);
        good &= read(ends[0], place, size) == size;
        for (long j = 0; j < size; j++)
            good &= (unsigned char)place[j] == got++;
    }
    CHECK("short messages", good);
    mprotect(pages, 4096, PROT_READ);
    CHECK("a read to where one may not write", FAILS(read(ends[0], pages, 1), EFAULT));
    CHECK("... takes nothing", read(ends[0], back, 1) == 1 && (unsigned char)*back == got);
    munmap(pages, 4096);
    CHECK("a write from nowhere", FAILS(write(ends[1], pages, 1), EFAULT));
    int bytes;
    CHECK("... brings nothing", ioctl(ends[0], FIONREAD, &bytes) == 0 && bytes == AHEAD - 1);
    close(ends[0]), close(ends[1]);
}

static void test_stream(void) {
    int ends[2];
    (void)!pipe(ends);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        unsigned n = 0;
        for (int i = 0; i < 3000; i++) {
            size_t size = (i * 37) % 9000 + 1;
            for (size_t k = 0; k < size; k++)
                buffer[k] = (char)n++;
            if (write(ends[1], buffer, size) != (ssize_t)size)
                _exit(1);
        }
        _exit(0);
    }
    close(ends[1]);
    unsigned n = 0;
    bool good = true;
    ssize_t got;
    while ((got = read(ends[0], back, n % 5000 + 1)) > 0)
        for (ssize_t k = 0; k < got; k++)
            good &= back[k] == (char)n++;
    CHECK("13 MB come through in order", good && got == 0 && n > 13000000);
    CHECK("the writer is content", ended_with(child, 0));
    close(ends[0]);
}

/* Writers of records of up to PIPE_BUF bytes: each record must arrive in one piece. */
static void test_atomic(void) {
    enum { WRITERS = 4, ROUNDS = 300, RECORD = 1000 };
    int ends[2], counts[WRITERS] = {0};
    (void)!pipe(ends);
    for (int w = 0; w < WRITERS; w++) {
        if (fork() == 0) {
            memset(buffer, 'a' + w, RECORD);
            for (int i = 0; i < ROUNDS; i++)
                if (write(ends[1], buffer, RECORD) != RECORD)
                    _exit(1);
            _exit(0);
        }
    }
    close(ends[1]);
    bool good = true;
    size_t have = 0;
    ssize_t got;
    while ((got = read(ends[0], back + have, RECORD - have)) > 0) {
        have += got;
        if (have < RECORD)
            continue;
        for (int k = 1; k < RECORD; k++)
            good &= back[k] == back[0];
        if (good)
            counts[back[0] - 'a']++;
        have = 0;
    }
    for (int w = 0; w < WRITERS; w++) {
        int status;
        wait(&status);
        good &= status == 0 && counts[w] == ROUNDS;
    }
    CHECK("records of four writers do not mix", good);
    close(ends[0]);
}

static void test_no_reader(void) {
    int ends[2], status;
    (void)!pipe(ends);
    close(ends[0]);
    pid_t child = fork();
    if (child == 0) {
        (void)!write(ends[1], "x", 1);
        _exit(0);
    }
    waitpid(child, &status, 0);
    CHECK("SIGPIPE kills who writes to nobody", WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
    close(ends[1]);
    (void)!pipe(ends);
    child = fork();
    if (child == 0) {
        signal(SIGPIPE, SIG_IGN);
        close(ends[0]);
        ssize_t wrote = write(ends[1], buffer, sizeof buffer);
        _exit(wrote == -1 && errno == EPIPE ? 7 : 1);
    }
    usleep(20000);
    close(ends[1]);
    close(ends[0]);
    CHECK("a writer asleep hears of the reader's end", ended_with(child, 7));
}

/* Opens the fifo and says so, again and again. */
static void open_and_say(int say) {
    for (;;) {
        int reader = open(fifo, O_RDONLY);
        if (reader < 0 || close(reader) < 0 || write(say, "x", 1) != 1)
            _exit(1);
    }
}

/* Who is waited for comes, and is gone again before the one who waited has looked. */
static void test_fifo_for_a_moment(void) {
    int ends[2], round = 0;
    char byte;
    if (mkfifo(fifo, 0600) < 0 || pipe(ends) < 0)
        exit(1);
    pid_t child = fork();
    if (child == 0)
        open_and_say(ends[1]);
    struct pollfd said = { .fd = ends[0], .events = POLLIN };
    while (round < MOMENTS && close(open(fifo, O_WRONLY)) == 0 && poll(&said, 1, 20000) == 1 &&
           read(ends[0], &byte, 1) == 1)
        round++;
    CHECK("a writer for a moment", round == MOMENTS);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ends[0]), close(ends[1]);
    unlink(fifo);
}

static void test_fifo(void) {
    unlink(fifo);
    CHECK("mkfifo", mkfifo(fifo, 0600) == 0 && FAILS(mkfifo(fifo, 0600), EEXIST));
    CHECK("a writer without a reader", FAILS(open(fifo, O_WRONLY | O_NONBLOCK), ENXIO));
    int reader = open(fifo, O_RDONLY | O_NONBLOCK);
    CHECK("a reader alone reads the end", reader >= 0 && read(reader, back, 1) == 0);
    close(reader);
    pid_t child = fork();
    if (child == 0) {
        int writer = open(fifo, O_WRONLY);
        _exit(write(writer, "through", 7) == 7 ? 0 : 1);
    }
    reader = open(fifo, O_RDONLY);
    CHECK("both ends wait for each other", reader >= 0 && read(reader, back, 100) == 7 &&
                                               !memcmp(back, "through", 7) &&
                                               read(reader, back, 1) == 0 && ended_with(child, 0));
    close(reader);
    child = fork();
    if (child == 0) {
        (void)!open(fifo, O_RDONLY);
        _exit(1);
    }
    usleep(20000);
    int status;
    CHECK("who waits for a peer can be killed",
          kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status));
    int both = open(fifo, O_RDWR);
    CHECK("O_RDWR waits for nobody",
          both >= 0 && write(both, "y", 1) == 1 && read(both, back, 1) == 1);
    close(both);
    unlink(fifo);
}

static void test_many(void) {
    static int ends[400][2];
    int made = 0;
    while (made < 400 && pipe(ends[made]) == 0)
        made++;
    bool good = made > 100;
    for (int i = 0; i < made; i++)
        good &= write(ends[i][1], &i, sizeof i) == sizeof i;
    for (int i = 0; i < made; i++) {
        int value = -1;
        good &= read(ends[i][0], &value, sizeof value) == sizeof value && value == i;
        close(ends[i][0]);
        close(ends[i][1]);
    }
    CHECK("hundreds of pipes", good);
}

int main(void) {
    test_basics();
    test_nonblocking();
    test_short();
    test_stream();
    test_atomic();
    test_no_reader();
    test_fifo();
    test_fifo_for_a_moment();
    test_many();
    return check_done();
}
