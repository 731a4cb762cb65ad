/*
 * xargs [-0rt] [-n MAX] [-s BYTES] [-I TEXT] [COMMAND [WORD]...]: runs the command with the
 * words of standard input behind its own. -I: one line at a time in the place of TEXT.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"
#include "common/reader.h"
#include "common/spawn.h"

#define USAGE "[-0rt] [-n MAX] [-s BYTES] [-I TEXT] [COMMAND [WORD]...]"

static bool null_separated, not_when_empty, trace;
static long long words_max, bytes_max = 65536;
static const char *placeholder;

static char **command;          /* the command and its own words */
static int command_count;

/* The words gathered for the next run. */
static char **words;
static size_t word_count, word_capacity;
static long long byte_count;

/* Sets the exit status as POSIX wants it; ends everything when the command cannot go on. */
static void status_note(int status) {
    if (status < 0)
        exit(1);
    if (WIFSIGNALED(status)) {
        cmd_warn("%s: killed by signal %d", command[0], WTERMSIG(status));
        exit(125);
    }
    int code = WEXITSTATUS(status);
    if (code == 126 || code == 127)
        exit(code);
    if (code == 255) {
        cmd_warn("%s: exited with status 255; stopping", command[0]);
        exit(124);
    }
    if (code != 0)
        cmd_status = 123;
}

static void command_run(char **argv) {
    if (trace) {
        for (char **word = argv; *word; word++)
            fprintf(stderr, "%s%s", word > argv ? " " : "", *word);
        fputc('\n', stderr);
    }
    status_note(spawn_wait(argv, NULL));
}

/* Runs the command with the gathered words, and forgets them. */
static void words_run(void) {
    char **argv = cmd_alloc((command_count + word_count + 1) * sizeof(*argv));
    memcpy(argv, command, command_count * sizeof(*argv));
    if (word_count > 0)
        memcpy(argv + command_count, words, word_count * sizeof(*argv));
    argv[command_count + word_count] = NULL;
    command_run(argv);
    free(argv);
    while (word_count > 0)
        free(words[--word_count]);
    byte_count = 0;
}

static char *text_replace(const char *text, const char *value) {
    size_t from = strlen(placeholder), to = strlen(value), count = 0;
    for (const char *p = text; (p = strstr(p, placeholder)) != NULL; p += from)
        count++;
    char *result = cmd_alloc(strlen(text) + count * to + 1), *out = result;
    const char *hit;
    while ((hit = strstr(text, placeholder)) != NULL) {
        memcpy(out, text, hit - text);
        out += hit - text;
        memcpy(out, value, to);
        out += to;
        text = hit + from;
    }
    strcpy(out, text);
    return result;
}

/* -I: the command once for this line. */
static void line_run(const char *line) {
    char **argv = cmd_alloc((command_count + 1) * sizeof(*argv));
    for (int i = 0; i < command_count; i++)
        argv[i] = text_replace(command[i], line);
    argv[command_count] = NULL;
    command_run(argv);
    for (int i = 0; i < command_count; i++)
        free(argv[i]);
    free(argv);
}

static void word_add(const char *text, size_t length) {
    long long size = length + 1 + sizeof(char *);
    if (word_count > 0 && byte_count + size > bytes_max)
        words_run();
    if (word_count == word_capacity) {
        word_capacity = word_capacity ? word_capacity * 2 : 64;
        words = cmd_realloc(words, word_capacity * sizeof(*words));
    }
    char *copy = cmd_alloc(length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    words[word_count++] = copy;
    byte_count += size;
    if (words_max > 0 && word_count == (size_t)words_max)
        words_run();
}

/*
 * Takes a word from *text, up to a blank or to the end of the line. Quotes and
 * backslashes protect what they cover. The word is put together in place, because
 * it is never longer than its source; returns its end.
 */
static char *word_unquote(char **text, const char *end, bool up_to_blank) {
    char *p = *text, *out = *text, quote = 0;
    for (; p < end && (quote || !up_to_blank || !isspace((unsigned char)*p)); p++) {
        if (quote ? *p == quote : *p == '\'' || *p == '"')
            quote = quote ? 0 : *p;
        else if (*p == '\\' && !quote && p + 1 < end)
            *out++ = *++p;
        else
            *out++ = *p;
    }
    if (quote)
        cmd_die("unmatched %s quote", quote == '"' ? "double" : "single");
    *text = p;
    return out;
}

static void line_split(struct line *line) {
    char *p = line->text, *end = p + line->length;
    while (p < end) {
        while (p < end && isspace((unsigned char)*p))
            p++;
        if (p == end)
            return;
        char *word = p;
        size_t length = word_unquote(&p, end, true) - word;
        word_add(word, length);
    }
}

/* -I: the line without its leading blanks is one word, when there is anything in it. */
static void line_take(struct line *line) {
    char *p = line->text, *end = p + line->length;
    while (!null_separated && p < end && isblank((unsigned char)*p))
        p++;
    if (p == end)
        return;
    char *word = p;
    if (!null_separated)
        *word_unquote(&p, end, false) = '\0';
    line_run(word);
}

static void input_take(struct reader *r) {
    struct line line;
    while (reader_line(r, null_separated ? '\0' : '\n', &line)) {
        if (placeholder) {
            line_take(&line);
        } else if (null_separated) {
            word_add(line.text, line.length);
        } else {
            line_split(&line);
        }
    }
}

/* The commands get /dev/null as input: the list is not theirs to read. */
static void input_set_apart(struct reader *r) {
    int list = fcntl(r->fd, F_DUPFD_CLOEXEC, 3);
    int null = open("/dev/null", O_RDONLY);
    if (list >= 0 && null >= 0) {
        dup2(null, r->fd);
        r->fd = list;
    }
    if (null > STDERR_FILENO)
        close(null);
}

int main(int argc, char **argv) {
    static char *echo_words[] = { "echo", NULL };
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "+0rtn:s:I:")) != -1) {
        switch (option) {
        case '0': null_separated = true; break;
        case 'r': not_when_empty = true; break;
        case 't': trace = true; break;
        case 'n':
            words_max = number_require(optarg, "number of words");
            if (words_max < 1)
                cmd_usage(USAGE);
            break;
        case 's': bytes_max = size_require(optarg, "size"); break;
        case 'I': placeholder = optarg; break;
        default: cmd_usage(USAGE);
        }
    }
    if ((placeholder && !*placeholder) || words_max < 0 || bytes_max <= 0)
        cmd_usage(USAGE);
    command = optind < argc ? argv + optind : echo_words;
    command_count = optind < argc ? argc - optind : 1;

    struct reader r;
    if (!reader_open(&r, "-"))
        return 1;
    input_set_apart(&r);
    input_take(&r);
    bool any_run = words != NULL || placeholder;
    if (word_count > 0 || (!any_run && !not_when_empty))
        words_run();
    return cmd_end(cmd_status);
}
