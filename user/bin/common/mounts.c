/* The mount table as the kernel shows it (proc(5): "source target type options 0 0"). */
#include "mounts.h"

#include <string.h>
#include <unistd.h>

#include "reader.h"

/* Undoes the \040 that stands for a blank in a name. */
static void octal_unescape(char *text) {
    char *out = text;
    for (; *text; text++) {
        bool escape = text[0] == '\\' && text[1] >= '0' && text[1] <= '3' && text[2] && text[3];
        if (escape) {
            *out++ = (text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0');
            text += 3;
        } else {
            *out++ = *text;
        }
    }
    *out = '\0';
}

static const char *word_take(char **text) {
    char *word = *text + strspn(*text, " \t");
    char *end = word + strcspn(word, " \t");
    *text = *end ? end + 1 : end;
    *end = '\0';
    octal_unescape(word);
    return word;
}

bool mounts_each(void (*visit)(const struct mount_line *line, void *context), void *context) {
    struct reader r;
    struct line text;
    if (access("/proc/mounts", R_OK) < 0 || !reader_open(&r, "/proc/mounts"))
        return false;
    while (reader_line(&r, '\n', &text)) {
        char *rest = text.text;
        struct mount_line line;
        line.source = word_take(&rest);
        line.target = word_take(&rest);
        line.type = word_take(&rest);
        line.options = word_take(&rest);
        if (*line.target)
            visit(&line, context);
    }
    reader_close(&r);
    return true;
}
