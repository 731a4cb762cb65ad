/*
 * The console as a terminal. Without an argument: settings, ioctls, groups, and reads that need
 * nobody to type. With one, for a test that types:
 *
 *     tty lines    shows what each read in canonical mode returns, up to the end of file
 *     tty keys     shows what each read in raw mode returns, up to a q
 */
#include "common/check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static struct termios usual;

static int ioctl_error(int fd, unsigned long request, void *argument) {
    return ioctl(fd, request, argument) < 0 ? errno : 0;
}

static void raw_mode(int min, int tenths) {
    struct termios raw = usual;

    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = (cc_t)min;
    raw.c_cc[VTIME] = (cc_t)tenths;
    tcsetattr(0, TCSANOW, &raw);
}

static void test_settings(void) {
    struct termios got;
    struct winsize window, old;

    CHECK("is a terminal", isatty(0) == 1);
    CHECK("canonical", (usual.c_lflag & (ICANON | ISIG | ECHO)) == (ICANON | ISIG | ECHO));
    CHECK("newlines", (usual.c_iflag & ICRNL) && (usual.c_oflag & (OPOST | ONLCR)));
    CHECK("keys", usual.c_cc[VINTR] == 3 && usual.c_cc[VERASE] == 0x7f && usual.c_cc[VEOF] == 4);
    raw_mode(0, 0);
    CHECK("tcgetattr after tcsetattr", tcgetattr(0, &got) == 0 && !(got.c_lflag & ICANON));
    tcsetattr(0, TCSAFLUSH, &usual);
    CHECK("window", ioctl(0, TIOCGWINSZ, &old) == 0 && old.ws_row > 0 && old.ws_col > 0);
    window = old;
    window.ws_row = 33;
    CHECK("set window", ioctl(0, TIOCSWINSZ, &window) == 0);
    CHECK("window was set", ioctl(0, TIOCGWINSZ, &window) == 0 && window.ws_row == 33);
    ioctl(0, TIOCSWINSZ, &old);
    CHECK("tcdrain", tcdrain(1) == 0);
}

static void test_errors(void) {
    int null = open("/dev/null", O_RDWR), group = -1, none = 999999;
    struct termios ignored;

    CHECK("not a terminal", tcgetattr(null, &ignored) < 0 && errno == ENOTTY);
    close(null);
    CHECK("unknown request", ioctl_error(0, 0x54ff, NULL) == ENOTTY);
    CHECK("TCGETS to nowhere", ioctl_error(0, TCGETS, (void *)8) == EFAULT);
    CHECK("TCSETS from nowhere", ioctl_error(0, TCSETS, (void *)-8) == EFAULT);
    CHECK("write from nowhere", write(1, (void *)8, 10) < 0 && errno == EFAULT);
    CHECK("no such queue", tcflush(0, 7) < 0 && errno == EINVAL);
    CHECK("negative group", ioctl_error(0, TIOCSPGRP, &group) == EINVAL);
    CHECK("foreign group", ioctl_error(0, TIOCSPGRP, &none) == EPERM);
}

static void test_raw_reads(void) {
    struct timespec before, after;
    char c;
    int flags = fcntl(0, F_GETFL), size = -1;

    raw_mode(0, 0);
    CHECK("VMIN 0 VTIME 0", read(0, &c, 1) == 0);
    raw_mode(0, 2);
    clock_gettime(CLOCK_MONOTONIC, &before);
    CHECK("VMIN 0 VTIME 2", read(0, &c, 1) == 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    long ms = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
    CHECK("VTIME was waited for", ms >= 200);
    raw_mode(1, 0);
    fcntl(0, F_SETFL, flags | O_NONBLOCK);
    CHECK("O_NONBLOCK raw", read(0, &c, 1) < 0 && errno == EAGAIN);
    tcsetattr(0, TCSANOW, &usual);
    CHECK("O_NONBLOCK canonical", read(0, &c, 1) < 0 && errno == EAGAIN);
    fcntl(0, F_SETFL, flags);
    CHECK("FIONREAD", ioctl(0, FIONREAD, &size) == 0 && size == 0);
    CHECK("read of nothing", read(0, &c, 0) == 0);
}

/* Runs f in a child: what it returns. */
static int in_child(int (*f)(void)) {
    int status = 0;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0)
        _exit(f());
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int background_read(void) {
    char c;

    signal(SIGTTIN, SIG_IGN);
    setpgid(0, 0);
    return read(0, &c, 1) < 0 ? errno : 0;
}

static int new_session_open(void) {
    setsid();
    return open("/dev/tty", O_RDWR) < 0 ? errno : 0;
}

static int new_session_steal(void) {
    setsid();
    return ioctl_error(0, TIOCSCTTY, NULL);
}

static int new_session_group(void) {
    int group;

    setsid();
    return ioctl_error(0, TIOCGPGRP, &group);
}

/* Becomes the foreground group, and gives the terminal back. */
static int foreground_child(void) {
    pid_t parent = tcgetpgrp(0);

    signal(SIGTTOU, SIG_IGN);
    setpgid(0, 0);
    if (tcsetpgrp(0, getpgrp()) < 0 || tcgetpgrp(0) != getpgrp())
        return 1;
    return tcsetpgrp(0, parent) < 0 ? 2 : 0;
}

static void test_groups(void) {
    int fd = open("/dev/tty", O_RDWR);

    CHECK("/dev/tty", fd >= 0 && isatty(fd));
    close(fd);
    CHECK("tcgetpgrp", tcgetpgrp(0) == getpgrp());
    CHECK("tcgetsid", tcgetsid(0) == getsid(0));
    CHECK("background read", in_child(background_read) == EIO);
    CHECK("no terminal after setsid", in_child(new_session_open) == ENXIO);
    CHECK("a terminal has one session", in_child(new_session_steal) == EPERM);
    CHECK("tcgetpgrp of another session", in_child(new_session_group) == ENOTTY);
    CHECK("tcsetpgrp", in_child(foreground_child) == 0);
}

/* A writer that a stopped terminal keeps waiting can be killed; one that must not wait is told. */
static void test_stopped_output(void) {
    int status = 0, flags = fcntl(1, F_GETFL), result, error;
    struct timespec moment = { 0, 100000000 };
    pid_t child;

    fflush(stdout);
    tcflow(1, TCOOFF);
    fcntl(1, F_SETFL, flags | O_NONBLOCK);
    result = (int)write(1, "x", 1);
    error = errno;
    fcntl(1, F_SETFL, flags);
    child = fork();
    if (child == 0)
        _exit(write(1, "never seen\n", 11) == 11);
    nanosleep(&moment, NULL);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    tcflow(1, TCOON);
    CHECK("O_NONBLOCK write", result < 0 && error == EAGAIN);
    CHECK("a waiting writer dies", WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void show_reads(char last) {
    char text[256];
    long size;

    printf("ready\n");
    fflush(stdout);
    do {
        size = read(0, text, sizeof(text));
        printf("read %ld:", size);
        for (long i = 0; i < size && i < 16; i++)
            printf(" %02x", (unsigned char)text[i]);
        printf("\n");
        fflush(stdout);
    } while (size > 0 && !(last && text[size - 1] == last));
}

int main(int argc, char **argv) {
    if (tcgetattr(0, &usual) < 0) {
        printf("FAIL terminal: standard input is none\n");
        return 1;
    }
    if (argc > 1) {
        bool keys = strcmp(argv[1], "keys") == 0;

        if (keys)
            raw_mode(1, 0);
        show_reads(keys ? 'q' : 0);
        tcsetattr(0, TCSADRAIN, &usual);
        return 0;
    }
    test_settings();
    test_errors();
    test_raw_reads();
    test_groups();
    test_stopped_output();
    tcsetattr(0, TCSANOW, &usual);
    return check_done();
}
