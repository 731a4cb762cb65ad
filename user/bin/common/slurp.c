#include "slurp.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

char *file_slurp(const char *path, size_t *length) {
    int fd = open(path, O_RDONLY);
    size_t size = 4096, used = 0;
    ssize_t n;
    if (fd < 0)
        return NULL;
    char *text = cmd_alloc(size + 1);
    while ((n = read(fd, text + used, size - used)) > 0) {
        used += n;
        if (used == size)
            text = cmd_realloc(text, (size *= 2) + 1);
    }
    close(fd);
    text[used] = '\0';
    if (length)
        *length = used;
    return text;
}

char *file_slurp_require(const char *path) {
    char *text = file_slurp(path, NULL);
    if (text == NULL)
        cmd_die_errno("%s", path);
    return text;
}

long long text_number(const char *text, const char *name) {
    size_t length = strlen(name);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && (line[length] == ' ' || line[length] == ':'))
            return strtoll(line + length + 1, NULL, 10);
    }
    return 0;
}
