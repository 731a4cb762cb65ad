/* tee [-a] [FILE]...: copies standard input to standard output and to the files. -a appends. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/reader.h"

struct output {
    int fd;             /* -1: given up after an error */
    const char *name;
};

static void block_write(struct output *outputs, int count, const struct line *block) {
    for (int i = 0; i < count; i++) {
        struct output *output = &outputs[i];
        if (output->fd < 0 || cmd_write_all(output->fd, block->text, block->length) == 0)
            continue;
        cmd_warn_errno("%s", output->name);
        output->fd = -1;
    }
}

int main(int argc, char **argv) {
    bool append = false;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "ai")) != -1) {
        if (option == 'a')
            append = true;
        else if (option == 'i')
            signal(SIGINT, SIG_IGN);
        else
            cmd_usage("[-ai] [FILE]...");
    }
    int count = argc - optind + 1;
    struct output *outputs = cmd_alloc(count * sizeof(*outputs));
    outputs[0] = (struct output){ STDOUT_FILENO, "standard output" };
    for (int i = 1; i < count; i++) {
        const char *name = argv[optind + i - 1];
        int flags = O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC);
        outputs[i] = (struct output){ open(name, flags, 0666), name };
        if (outputs[i].fd < 0)
            cmd_warn_errno("%s", name);
    }
    struct reader r;
    struct line block;
    if (!reader_open(&r, "-"))
        return 1;
    while (reader_block(&r, &block))
        block_write(outputs, count, &block);
    return cmd_end(cmd_status);
}
