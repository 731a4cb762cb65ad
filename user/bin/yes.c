/* yes [WORD]...: prints the words, or "y", until it is stopped. */
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"

#define BUFFER_SIZE 8192

int main(int argc, char **argv) {
    size_t length = 0;
    cmd_begin(argv, 1);
    if (argc > 1 && strcmp(argv[1], "--") == 0)
        argv++, argc--;
    for (int i = 1; i < argc; i++)
        length += strlen(argv[i]) + 1;
    if (length == 0)
        length = 2;
    size_t copies = length < BUFFER_SIZE ? BUFFER_SIZE / length : 1;
    char *buffer = cmd_alloc(length * copies), *out = buffer;
    if (argc < 2)
        *out++ = 'y';
    for (int i = 1; i < argc; i++) {
        out = (char *)memcpy(out, argv[i], strlen(argv[i])) + strlen(argv[i]);
        if (i + 1 < argc)
            *out++ = ' ';
    }
    *out = '\n';
    for (size_t i = 1; i < copies; i++)
        memcpy(buffer + i * length, buffer, length);
    while (cmd_write_all(STDOUT_FILENO, buffer, length * copies) == 0)
        ;
    cmd_die_errno("write error");
}
