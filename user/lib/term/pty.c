/*
 * Pseudo-terminals: the master is /dev/ptmx, the terminal /dev/pts/N.
 */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int posix_openpt(int flags) {
    return open("/dev/ptmx", flags);
}

/* The kernel made the terminal its opener's: there is only the descriptor to check. */
int grantpt(int fd) {
    unsigned int number;

    return ioctl(fd, TIOCGPTN, &number);
}

int unlockpt(int fd) {
    int locked = 0;

    return ioctl(fd, TIOCSPTLCK, &locked);
}

int ptsname_r(int fd, char *name, size_t size) {
    unsigned int number;

    if (ioctl(fd, TIOCGPTN, &number) < 0)
        return errno;
    return (size_t)snprintf(name, size, "/dev/pts/%u", number) < size ? 0 : ERANGE;
}

char *ptsname(int fd) {
    static char name[24];
    int error = ptsname_r(fd, name, sizeof(name));

    errno = error ? error : errno;
    return error ? NULL : name;
}

static int slave_open(int master, char *name) {
    if (grantpt(master) < 0 || unlockpt(master) < 0 || ptsname_r(master, name, 24) != 0)
        return -1;
    return open(name, O_RDWR | O_NOCTTY);
}

int openpty(int *master, int *slave, char *name, const struct termios *settings,
            const struct winsize *window) {
    char path[24];

    *master = posix_openpt(O_RDWR | O_NOCTTY);
    if (*master < 0)
        return -1;
    *slave = slave_open(*master, path);
    if (*slave < 0) {
        close(*master);
        return -1;
    }
    if (name != NULL)
        strcpy(name, path);
    if (settings != NULL)
        tcsetattr(*slave, TCSANOW, settings);
    if (window != NULL)
        ioctl(*slave, TIOCSWINSZ, window);
    return 0;
}

int login_tty(int fd) {
    setsid();
    if (ioctl(fd, TIOCSCTTY, 0) < 0)
        return -1;
    for (int i = 0; i < 3; i++)
        if (dup2(fd, i) < 0)
            return -1;
    if (fd > 2)
        close(fd);
    return 0;
}

pid_t forkpty(int *master, char *name, const struct termios *settings,
              const struct winsize *window) {
    int slave;
    pid_t pid;

    if (openpty(master, &slave, name, settings, window) < 0)
        return -1;
    pid = fork();
    if (pid == 0) {
        close(*master);
        if (login_tty(slave) < 0)
            _exit(1);
        return 0;
    }
    close(slave);
    if (pid < 0)
        close(*master);
    return pid;
}
