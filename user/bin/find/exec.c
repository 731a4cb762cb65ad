/* find: -exec COMMAND {} ; for each file, and -exec COMMAND {} + for many at a time. */
#include <stdlib.h>
#include <string.h>

#include "../common/cmd.h"
#include "../common/spawn.h"
#include "find.h"

/* How many bytes of names one command line gets: far below what execve takes. */
#define GATHER_BYTES 65536

static struct test *gatherers;

/* The word with every "{}" replaced, in fresh memory. */
static char *word_expand(const char *word, const char *path) {
    size_t count = 0, path_length = strlen(path);
    for (const char *p = word; (p = strstr(p, "{}")) != NULL; p += 2)
        count++;
    char *result = cmd_alloc(strlen(word) + count * path_length + 1), *out = result;
    const char *hit;
    while ((hit = strstr(word, "{}")) != NULL) {
        memcpy(out, word, hit - word);
        out += hit - word;
        memcpy(out, path, path_length);
        out += path_length;
        word = hit + 2;
    }
    strcpy(out, word);
    return result;
}

static bool each_run(struct test *test, const struct tree_node *node) {
    if (test->fold && !cmd_confirm("%s ... %s", test->command[0], node->path))
        return false;
    char **argv = cmd_alloc((test->word_count + 1) * sizeof(*argv));
    for (int i = 0; i < test->word_count; i++)
        argv[i] = word_expand(test->command[i], node->path);
    argv[test->word_count] = NULL;
    int status = spawn_wait(argv, NULL);
    for (int i = 0; i < test->word_count; i++)
        free(argv[i]);
    free(argv);
    return status == 0;
}

/* Runs the command once, with all gathered names in the place of the "{}" at its end. */
static void gathered_run(struct test *test) {
    if (test->gathered_count == 0)
        return;
    int fixed = test->word_count - 1;
    char **argv = cmd_alloc((fixed + test->gathered_count + 1) * sizeof(*argv));
    memcpy(argv, test->command, fixed * sizeof(*argv));
    memcpy(argv + fixed, test->gathered, test->gathered_count * sizeof(*argv));
    argv[fixed + test->gathered_count] = NULL;
    if (spawn_wait(argv, NULL) != 0)
        cmd_status = 1;
    free(argv);
    for (int i = 0; i < test->gathered_count; i++)
        free(test->gathered[i]);
    test->gathered_count = 0;
    test->gathered_size = 0;
}

static bool gather_run(struct test *test, const struct tree_node *node) {
    size_t size = (test->gathered_count + 1) * sizeof(*test->gathered);
    test->gathered = cmd_realloc(test->gathered, size);
    test->gathered[test->gathered_count++] = cmd_strdup(node->path);
    test->gathered_size += strlen(node->path) + 1 + sizeof(char *);
    if (test->gathered_size >= GATHER_BYTES)
        gathered_run(test);
    return true;
}

void gathered_flush(void) {
    for (struct test *test = gatherers; test; test = test->next_gatherer)
        gathered_run(test);
}

struct test *exec_make(char ***words, bool ask) {
    const char *name = **words;
    struct test *test = test_new(each_run);
    test->command = *words + 1;
    test->fold = ask;
    for (char **word = test->command; *word; word++) {
        bool plus = strcmp(*word, "+") == 0 && test->word_count > 1 &&
                    strcmp(word[-1], "{}") == 0;
        if (!plus && strcmp(*word, ";") != 0) {
            test->word_count++;
            continue;
        }
        if (test->word_count == 0)
            break;
        if (plus) {
            test->run = gather_run;
            test->next_gatherer = gatherers;
            gatherers = test;
        }
        *words = word + 1;
        return test;
    }
    cmd_die("missing command or ';' after '%s'", name);
}
