/* The terminal: see terminal.h. */
#include "terminal.h"
#include "signals.h"
#include "vars.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static int terminal_fd = -1;
static pid_t shell_group;
static pid_t group_before; /* had the terminal before terminal_claim */
static struct termios cooked;
static bool cooked_known;

/* The first process has a terminal on standard input, but no session yet. */
static void make_session(void) {
    setsid();
    ioctl(STDIN_FILENO, TIOCSCTTY, 0);
}

void terminal_find(void) {
    int fd;

    shell_group = getpgrp();
    if (terminal_fd >= 0)
        return;
    if (getpid() == 1)
        make_session();
    fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    terminal_fd = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    close(fd);
    cooked_known = terminal_modes_get(&cooked);
}

/* Only the foreground may, or else who ignores or blocks this signal. */
static bool foreground_set(pid_t group) {
    sigset_t ttou, old;
    int result;

    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU);
    sigprocmask(SIG_BLOCK, &ttou, &old);
    result = tcsetpgrp(terminal_fd, group);
    sigprocmask(SIG_SETMASK, &old, NULL);
    return result == 0;
}

/* False if nothing stops the shell in the background: its group is orphaned. */
static bool await_foreground(void) {
    bool was_stopped = true;

    signal_default(SIGTTIN);
    signal_catch(SIGCONT);
    while (was_stopped && tcgetpgrp(terminal_fd) != getpgrp()) {
        kill(0, SIGTTIN);
        was_stopped = signal_take(SIGCONT);
    }
    signal_default(SIGCONT);
    return was_stopped;
}

bool terminal_claim(void) {
    terminal_find();
    if (terminal_fd < 0 || !await_foreground())
        return false;
    group_before = getpgrp();
    setpgid(0, 0); /* a session's leader is in its own group already */
    shell_group = getpgrp();
    return foreground_set(shell_group);
}

void terminal_release(void) {
    if (group_before != shell_group)
        foreground_set(group_before);
}

bool terminal_is_ours(void) {
    return terminal_fd >= 0 && tcgetpgrp(terminal_fd) == shell_group;
}

bool terminal_lend(pid_t group) {
    pid_t foreground = terminal_fd < 0 ? -1 : tcgetpgrp(terminal_fd);

    return foreground == group || (foreground == shell_group && foreground_set(group));
}

void terminal_take_back(void) {
    foreground_set(shell_group);
}

bool terminal_modes_get(struct termios *modes) {
    return terminal_fd >= 0 && tcgetattr(terminal_fd, modes) == 0;
}

void terminal_modes_set(const struct termios *modes) {
    if (terminal_fd >= 0)
        tcsetattr(terminal_fd, TCSADRAIN, modes);
}

bool terminal_raw(void) {
    struct termios raw;

    if (tcgetattr(STDIN_FILENO, &cooked) < 0)
        return false;
    cooked_known = true;
    raw = cooked;
    /* ICRNL stays: Enter is then a newline whether typed now or ahead of the prompt. */
    raw.c_lflag &= ~(ICANON | ECHO | ISIG | IEXTEN);
    raw.c_iflag &= ~IXON;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

void terminal_cooked(void) {
    tcsetattr(STDIN_FILENO, TCSADRAIN, &cooked);
}

void terminal_restore(void) {
    if (cooked_known)
        terminal_modes_set(&cooked);
}

int terminal_width(void) {
    struct winsize size;

    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}

bool terminal_is_smart(void) {
    const char *term = var_get("TERM");

    return term && *term && strcmp(term, "dumb") != 0;
}
