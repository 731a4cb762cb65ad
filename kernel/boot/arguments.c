#include <boot/arguments.h>
#include <debug/log.h>
#include <lib/string.h>

struct boot_arguments boot_arguments = { .init = "", .loglevel = -1 };

static bool word_is(const char *word, size_t length, const char *name) {
    return strlen(name) == length && !memcmp(word, name, length);
}

// What follows `name` in the word, or NULL.
static const char *value_of(const char *word, size_t length, const char *name) {
    size_t size = strlen(name);
    return length >= size && !memcmp(word, name, size) ? word + size : NULL;
}

static void copy_value(char *to, size_t room, const char *value, const char *end) {
    size_t size = end - value + 1;
    strlcpy(to, value, size < room ? size : room);
}

static void decode_word(const char *word, size_t length) {
    struct boot_arguments *a = &boot_arguments;
    const char *value;
    if (word_is(word, length, "panic=exit")) {
        a->panic_exit = true;
    } else if (word_is(word, length, "timer=sbi")) {
        a->timer_sbi = true;
    } else if (word_is(word, length, "ro")) {
        a->read_only = true;
    } else if (word_is(word, length, "rw")) {
        a->read_only = false;
    } else if (word_is(word, length, "ktest")) {
        a->ktest = true;
    } else if ((value = value_of(word, length, "root="))) {
        copy_value(a->root, sizeof a->root, value, word + length);
    } else if ((value = value_of(word, length, "asids=")) && *value >= '1' && *value <= '9') {
        a->asids = *value - '0';
    } else if ((value = value_of(word, length, "swap="))) {
        copy_value(a->swap, sizeof a->swap, value, word + length);
    } else if ((value = value_of(word, length, "replace="))) {
        copy_value(a->replace, sizeof a->replace, value, word + length);
    } else if ((value = value_of(word, length, "sched="))) {
        copy_value(a->sched, sizeof a->sched, value, word + length);
    } else if (word_is(word, length, "preempt=off")) {
        a->cooperative = true;
    } else if ((value = value_of(word, length, "quantum=")) && *value >= '1' && *value <= '9') {
        for (a->quantum = 0; *value >= '0' && *value <= '9' && a->quantum < 1000; value++)
            a->quantum = a->quantum * 10 + *value - '0';
    } else if ((value = value_of(word, length, "crash="))) {
        copy_value(a->crash, sizeof a->crash, value, word + length);
    } else if ((value = value_of(word, length, "loglevel=")) && *value >= '0' && *value <= '9') {
        a->loglevel = *value - '0';
    } else {
        log_warning("boot: argument \"%.*s\" is not known", (int)length, word);
    }
}

void boot_arguments_decode(const char *line) {
    while (*line) {
        line += strspn(line, " \t");
        const char *init = value_of(line, strlen(line), "init=");
        if (init) {
            boot_arguments.init = init;     // all the rest is the program's
            return;
        }
        size_t length = strcspn(line, " \t");
        if (length)
            decode_word(line, length);
        line += length;
    }
}
