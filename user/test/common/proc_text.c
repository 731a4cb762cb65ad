#include "proc_text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char text[65536], *field[64];
int fields;

ssize_t slurp(const char *path) {
    ssize_t length = 0, n;
    int fd = open(path, O_RDONLY);

    while (fd >= 0 && (n = read(fd, text + length, sizeof(text) - 1 - length)) > 0)
        length += n;
    text[length] = '\0';
    if (fd >= 0)
        close(fd);
    return fd < 0 ? -1 : length;
}

const char *of(pid_t pid, const char *name) {
    static char path[4][64];
    static int next;

    next = (next + 1) % 4;
    snprintf(path[next], sizeof(path[next]), "/proc/%d/%s", (int)pid, name);
    return path[next];
}

bool stat_read(const char *path) {
    if (slurp(path) <= 0)
        return false;
    char *open = strchr(text, '('), *close = strrchr(text, ')'), *rest;
    if (!open || !close)
        return false;
    field[1] = text;
    field[2] = open + 1;
    *close = '\0';
    fields = 2;
    for (char *word = strtok_r(close + 1, " \n", &rest); word && fields < 62;
         word = strtok_r(NULL, " \n", &rest))
        field[++fields] = word;
    return true;
}

long value(int n) { return strtoul(field[n], NULL, 10); }
