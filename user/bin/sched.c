/*
 * sched [COMMAND]: shows the scheduler's settings, or changes them: a policy's name, "quantum MS",
 * "preempt on|off", "trace RECORDS", "trace stop".
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"

#define SETTINGS "/proc/sched"

static void show(void) {
    char piece[512];
    ssize_t size;
    int fd = open(SETTINGS, O_RDONLY);
    if (fd < 0)
        cmd_die_errno("%s", SETTINGS);
    while ((size = read(fd, piece, sizeof(piece))) > 0)
        fwrite(piece, 1, size, stdout);
    close(fd);
}

static void tell(char **words) {
    char line[64] = "";
    for (; *words; words++) {
        if (*line)
            strlcat(line, " ", sizeof(line));
        strlcat(line, *words, sizeof(line));
    }
    int fd = open(SETTINGS, O_WRONLY);
    if (fd < 0)
        cmd_die_errno("%s", SETTINGS);
    if (write(fd, line, strlen(line)) < 0)
        cmd_die_errno("\"%s\"", line);
    close(fd);
}

int main(int argc, char **argv) {
    cmd_begin(argv, 1);
    if (argc > 1 && argv[1][0] == '-')
        cmd_usage("[POLICY | quantum MS | preempt on|off | trace RECORDS | trace stop]");
    if (argc > 1)
        tell(argv + 1);
    else
        show();
    return cmd_end(0);
}
