/*
 * dd [if=FILE] [of=FILE] [bs=N] [ibs=N] [obs=N] [count=N] [skip=N] [seek=N]
 * [conv=notrunc,sync,noerror,fsync] [status=none]: copies block by block.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"

static const char *input, *output;
static long long in_size = 512, out_size = 512, limit = -1, skip, seek;
static bool reblock = true;     /* ibs and obs differ: output is gathered to whole blocks */
static bool keep_rest, pad, go_on, flush, quiet;

static unsigned long long full_in, part_in, full_out, part_out, bytes_out;
static int in_fd = STDIN_FILENO, out_fd = STDOUT_FILENO;

static void conversions_take(char *text) {
    char *rest = text, *word;
    while ((word = strsep(&rest, ",")) != NULL) {
        if (strcmp(word, "notrunc") == 0)
            keep_rest = true;
        else if (strcmp(word, "sync") == 0)
            pad = true;
        else if (strcmp(word, "noerror") == 0)
            go_on = true;
        else if (strcmp(word, "fsync") == 0)
            flush = true;
        else
            cmd_die("unknown conversion: '%s'", word);
    }
}

static bool size_take(const char *name, const char *value) {
    static const struct {
        const char *name;
        long long *place, least;
    } sizes[] = {
        { "ibs", &in_size, 1 }, { "obs", &out_size, 1 },
        { "count", &limit, 0 }, { "skip", &skip, 0 }, { "seek", &seek, 0 },
    };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        if (strcmp(name, sizes[i].name) != 0)
            continue;
        *sizes[i].place = size_require(value, name);
        if (*sizes[i].place < sizes[i].least)
            cmd_die("invalid %s: '%s'", name, value);
        return true;
    }
    return false;
}

static void operand_take(char *word) {
    char *value = strchr(word, '=');
    if (value == NULL)
        cmd_die("not an operand: '%s'", word);
    *value++ = '\0';
    if (strcmp(word, "if") == 0) {
        input = value;
    } else if (strcmp(word, "of") == 0) {
        output = value;
    } else if (strcmp(word, "conv") == 0) {
        conversions_take(value);
    } else if (strcmp(word, "status") == 0) {
        quiet = strcmp(value, "none") == 0;
    } else if (strcmp(word, "bs") == 0) {
        in_size = out_size = size_require(value, "block size");
        reblock = false;
        if (in_size < 1)
            cmd_die("invalid block size: '%s'", value);
    } else if (!size_take(word, value)) {
        cmd_die("unknown operand: '%s'", word);
    }
}

static void files_open(void) {
    if (input && (in_fd = open(input, O_RDONLY)) < 0)
        cmd_die_errno("%s", input);
    if (output == NULL)
        return;
    int flags = O_WRONLY | O_CREAT | (keep_rest || seek ? 0 : O_TRUNC);
    if ((out_fd = open(output, flags, 0666)) < 0)
        cmd_die_errno("%s", output);
    struct stat st;
    /* With seek= what is before that place stays, what is behind goes. */
    if (seek && !keep_rest && fstat(out_fd, &st) == 0 && S_ISREG(st.st_mode) &&
        ftruncate(out_fd, seek * out_size) < 0)
        cmd_die_errno("%s", output);
}

static ssize_t block_read(char *buffer, size_t size) {
    ssize_t n;
    do {
        n = read(in_fd, buffer, size);
    } while (n < 0 && errno == EINTR);
    return n;
}

/* Moves both files to where the copy begins; a pipe is read away. */
static void places_find(char *buffer) {
    if (skip > 0 && lseek(in_fd, skip * in_size, SEEK_CUR) < 0) {
        for (long long left = skip; left > 0; left--) {
            if (block_read(buffer, in_size) <= 0)
                break;
        }
    }
    if (seek > 0 && lseek(out_fd, seek * out_size, SEEK_CUR) < 0)
        cmd_die_errno("cannot seek in %s", output ? output : "standard output");
}

static bool block_write(const char *data, size_t size) {
    if (cmd_write_all(out_fd, data, size) < 0) {
        cmd_warn_errno("error writing '%s'", output ? output : "standard output");
        return false;
    }
    bytes_out += size;
    if ((long long)size == out_size)
        full_out++;
    else
        part_out++;
    return true;
}

/* Writes the whole output blocks in the buffer, keeps the rest. False after an error. */
static bool gathered_write(char *buffer, size_t *length) {
    size_t done = 0;
    while (*length - done >= (size_t)out_size) {
        if (!block_write(buffer + done, out_size))
            return false;
        done += out_size;
    }
    memmove(buffer, buffer + done, *length - done);
    *length -= done;
    return true;
}

/* Reads one input block, padded when that is asked for. 0 at the end or on a fatal error. */
static size_t input_take(char *buffer) {
    ssize_t n = block_read(buffer, in_size);
    if (n < 0) {
        cmd_warn_errno("error reading '%s'", input ? input : "standard input");
        if (!go_on || lseek(in_fd, in_size, SEEK_CUR) < 0)
            return 0;
        n = 0;
    } else if (n == 0) {
        return 0;
    }
    if (n == in_size)
        full_in++;
    else
        part_in++;
    if (pad && n < in_size) {
        memset(buffer + n, 0, in_size - n);
        n = in_size;
    }
    return n;
}

static void blocks_copy(char *buffer) {
    size_t length = 0, n;
    for (long long left = limit; left != 0; left -= left > 0) {
        n = input_take(buffer + length);
        if (n == 0)
            break;
        length += n;
        if (!reblock) {
            if (!block_write(buffer, length))
                return;
            length = 0;
        } else if (!gathered_write(buffer, &length)) {
            return;
        }
    }
    if (length > 0)
        block_write(buffer, length);
}

static void summary_print(const struct timespec *begin) {
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    unsigned long long microseconds = (end.tv_sec - begin->tv_sec) * 1000000ull +
                                      (end.tv_nsec - begin->tv_nsec) / 1000;
    unsigned long long rate = bytes_out * 1000000 / (microseconds ? microseconds : 1);
    char text[SIZE_TEXT];
    fprintf(stderr, "%llu+%llu records in\n%llu+%llu records out\n", full_in, part_in, full_out,
            part_out);
    fprintf(stderr, "%llu bytes copied, %llu.%06llu s, %s/s\n", bytes_out, microseconds / 1000000,
            microseconds % 1000000, size_format(rate, text));
}

int main(int argc, char **argv) {
    struct timespec begin;
    cmd_begin(argv, 1);
    for (int i = 1; i < argc; i++)
        operand_take(argv[i]);
    files_open();
    char *buffer = cmd_alloc(in_size + out_size);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    places_find(buffer);
    blocks_copy(buffer);
    if (flush && fsync(out_fd) < 0)
        cmd_warn_errno("%s", output ? output : "standard output");
    if (output && close(out_fd) < 0)
        cmd_warn_errno("%s", output);
    if (!quiet)
        summary_print(&begin);
    return cmd_status;
}
