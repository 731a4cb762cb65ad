/*
 * Files and directories under names that nobody else has.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK "XXXXXX"
#define TRIES 100

/*
 * Replaces the XXXXXX at the end of template until make succeeds on the name or fails for
 * another reason than that it exists. Returns make's result or -1.
 */
static int name_try(char *template, int (*make)(const char *path)) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    size_t n = strlen(template), mark = strlen(MARK);
    int tries, result = -1;

    if (n < mark || strcmp(template + n - mark, MARK) != 0) {
        errno = EINVAL;
        return -1;
    }
    for (tries = 0; tries < TRIES && result < 0; tries++) {
        unsigned char random[6];
        size_t i;

        if (getrandom(random, sizeof(random), 0) != sizeof(random))
            return -1;
        for (i = 0; i < mark; i++)
            template[n - mark + i] = letters[random[i] % (sizeof(letters) - 1)];
        result = make(template);
        if (result < 0 && errno != EEXIST)
            return -1;
    }
    return result;
}

static int file_make(const char *path) {
    return open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

static int directory_make(const char *path) {
    return mkdir(path, 0700);
}

int mkstemp(char *template) {
    return name_try(template, file_make);
}

char *mkdtemp(char *template) {
    return name_try(template, directory_make) < 0 ? NULL : template;
}

FILE *tmpfile(void) {
    char path[] = "/tmp/" MARK;
    int fd = mkstemp(path);

    if (fd < 0)
        return NULL;
    unlink(path);
    return fdopen(fd, "w+");
}
