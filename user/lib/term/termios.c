/*
 * Terminals: attributes, foreground group, names. All of it is ioctl.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

int tcgetattr(int fd, struct termios *t) {
    return ioctl(fd, TCGETS, t);
}

/* TCSETS, TCSETSW and TCSETSF follow one another as TCSANOW, TCSADRAIN and TCSAFLUSH do. */
int tcsetattr(int fd, int when, const struct termios *t) {
    if (when < TCSANOW || when > TCSAFLUSH) {
        errno = EINVAL;
        return -1;
    }
    return ioctl(fd, TCSETS + when, t);
}

int tcdrain(int fd) {
    return ioctl(fd, TCSBRK, 1);
}

int tcsendbreak(int fd, int duration) {
    (void)duration; /* its meaning is the implementation's, and here it has none */
    return ioctl(fd, TCSBRK, 0);
}

int tcflow(int fd, int action) {
    return ioctl(fd, TCXONC, action);
}

int tcflush(int fd, int queue) {
    return ioctl(fd, TCFLSH, queue);
}

pid_t tcgetpgrp(int fd) {
    int group;

    return ioctl(fd, TIOCGPGRP, &group) < 0 ? -1 : group;
}

int tcsetpgrp(int fd, pid_t group) {
    return ioctl(fd, TIOCSPGRP, &group);
}

pid_t tcgetsid(int fd) {
    int session;

    return ioctl(fd, TIOCGSID, &session) < 0 ? -1 : session;
}

int isatty(int fd) {
    struct termios t;

    return tcgetattr(fd, &t) == 0;
}

static bool is_device(const char *path, dev_t device) {
    struct stat st;

    return lstat(path, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == device;
}

/* The terminal's device in `directory`, found by its number; links such as /dev/stdin do not count. */
static bool name_find(const char *directory, dev_t device, char *path) {
    struct dirent *entry;
    bool found = false;
    DIR *dir = opendir(directory);

    while (dir != NULL && !found && (entry = readdir(dir)) != NULL) {
        snprintf(path, PATH_MAX, "%s/%s", directory, entry->d_name);
        found = is_device(path, device);
    }
    if (dir != NULL)
        closedir(dir);
    return found;
}

char *ttyname(int fd) {
    static char path[PATH_MAX];
    struct stat st;

    if (!isatty(fd) || fstat(fd, &st) < 0)
        return NULL;
    if (name_find("/dev/pts", st.st_rdev, path) || name_find("/dev", st.st_rdev, path))
        return path;
    errno = ENODEV;
    return NULL;
}

void cfmakeraw(struct termios *t) {
    t->c_iflag &= ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    t->c_oflag &= ~OPOST;
    t->c_lflag &= ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    t->c_cflag = (t->c_cflag & ~(CSIZE | PARENB)) | CS8;
    t->c_cc[VMIN] = 1;
    t->c_cc[VTIME] = 0;
}

speed_t cfgetospeed(const struct termios *t) {
    return t->c_cflag & CBAUD;
}

speed_t cfgetispeed(const struct termios *t) {
    return cfgetospeed(t);
}

int cfsetospeed(struct termios *t, speed_t speed) {
    if (speed & ~CBAUD) {
        errno = EINVAL;
        return -1;
    }
    t->c_cflag = (t->c_cflag & ~CBAUD) | speed;
    return 0;
}

int cfsetispeed(struct termios *t, speed_t speed) {
    return cfsetospeed(t, speed);
}
