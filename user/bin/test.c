/*
 * test EXPRESSION, [ EXPRESSION ]: evaluates a condition. Status 0: true, 1: false, 2: wrong.
 * Up to four words are read the way POSIX counts them, so that words from variables cannot be
 * taken for operators; more are parsed with "!", "-a", "-o" and parentheses.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"

static bool words_evaluate(char **words, int count);

static long long number_take(const char *text) {
    long long value;
    while (*text == ' ' || *text == '\t')
        text++;
    if (!number_parse(text, &value))
        cmd_die("'%s': a whole number is needed", text);
    return value;
}

static bool is_unary(const char *word) {
    return word[0] == '-' && word[1] && !word[2] && strchr("bcdefghLknprsStuwxzOG", word[1]);
}

static bool file_test(char letter, const char *path) {
    struct stat st;
    if (letter == 'r' || letter == 'w' || letter == 'x')
        return access(path, letter == 'r' ? R_OK : letter == 'w' ? W_OK : X_OK) == 0;
    if ((letter == 'h' || letter == 'L' ? lstat(path, &st) : stat(path, &st)) < 0)
        return false;
    switch (letter) {
    case 'b': return S_ISBLK(st.st_mode);
    case 'c': return S_ISCHR(st.st_mode);
    case 'd': return S_ISDIR(st.st_mode);
    case 'f': return S_ISREG(st.st_mode);
    case 'p': return S_ISFIFO(st.st_mode);
    case 'S': return S_ISSOCK(st.st_mode);
    case 'h': case 'L': return S_ISLNK(st.st_mode);
    case 'g': return st.st_mode & S_ISGID;
    case 'k': return st.st_mode & S_ISVTX;
    case 'u': return st.st_mode & S_ISUID;
    case 's': return st.st_size > 0;
    case 'O': return st.st_uid == geteuid();
    case 'G': return st.st_gid == getegid();
    default: return true;       /* -e */
    }
}

static bool unary_evaluate(const char *operator, const char *word) {
    switch (operator[1]) {
    case 'n': return *word != '\0';
    case 'z': return *word == '\0';
    case 't': return isatty((int)number_take(word));
    default: return file_test(operator[1], word);
    }
}

/* -nt, -ot, -ef: a file that is not there is older than any other. */
static bool files_compare(char letter, const char *left, const char *right) {
    struct stat a, b;
    bool has_a = stat(left, &a) == 0, has_b = stat(right, &b) == 0;
    if (letter == 'e')
        return has_a && has_b && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    if (letter == 'o')
        return files_compare('n', right, left);
    if (!has_a || !has_b)
        return has_a;
    if (a.st_mtim.tv_sec != b.st_mtim.tv_sec)
        return a.st_mtim.tv_sec > b.st_mtim.tv_sec;
    return a.st_mtim.tv_nsec > b.st_mtim.tv_nsec;
}

enum binary { EQ, NE, GT, GE, LT, LE, NT, OT, EF, SAME, SAME2, DIFFERENT, BEFORE, BEHIND, NONE };

static enum binary binary_find(const char *word) {
    static const char *const names[] = {
        "-eq", "-ne", "-gt", "-ge", "-lt", "-le", "-nt", "-ot", "-ef", "=", "==", "!=", "<", ">",
    };
    for (int i = 0; i < NONE; i++) {
        if (strcmp(word, names[i]) == 0)
            return i;
    }
    return NONE;
}

static bool numbers_compare(enum binary operator, long long a, long long b) {
    switch (operator) {
    case EQ: return a == b;
    case NE: return a != b;
    case GT: return a > b;
    case GE: return a >= b;
    case LT: return a < b;
    default: return a <= b;
    }
}

static bool binary_evaluate(const char *left, enum binary operator, const char *right) {
    switch (operator) {
    case NT: case OT: case EF: return files_compare("noe"[operator - NT], left, right);
    case SAME: case SAME2: return strcmp(left, right) == 0;
    case DIFFERENT: return strcmp(left, right) != 0;
    case BEFORE: return strcmp(left, right) < 0;
    case BEHIND: return strcmp(left, right) > 0;
    default: return numbers_compare(operator, number_take(left), number_take(right));
    }
}

/* The general form, for five words and more. */
struct parser {
    char **next, **end;
};

static bool or_parse(struct parser *in);

static bool word_take(struct parser *in, const char *text) {
    if (in->next == in->end || strcmp(*in->next, text) != 0)
        return false;
    in->next++;
    return true;
}

static bool primary_parse(struct parser *in) {
    int left = in->end - in->next;
    enum binary operator;
    if (left == 0)
        cmd_die("a word is missing at the end");
    if (left >= 3 && (operator = binary_find(in->next[1])) != NONE) {
        in->next += 3;
        return binary_evaluate(in->next[-3], operator, in->next[-1]);
    }
    if (word_take(in, "!"))
        return !primary_parse(in);
    if (word_take(in, "(")) {
        bool value = or_parse(in);
        if (!word_take(in, ")"))
            cmd_die("missing ')'");
        return value;
    }
    if (left >= 2 && is_unary(in->next[0])) {
        in->next += 2;
        return unary_evaluate(in->next[-2], in->next[-1]);
    }
    return *(*in->next++) != '\0';
}

/* Both sides are always parsed: the words must be consumed. */
static bool and_parse(struct parser *in) {
    bool value = primary_parse(in);
    while (word_take(in, "-a"))
        value &= primary_parse(in);
    return value;
}

static bool or_parse(struct parser *in) {
    bool value = and_parse(in);
    while (word_take(in, "-o"))
        value |= and_parse(in);
    return value;
}

static bool all_parse(char **words, int count) {
    struct parser in = { words, words + count };
    bool value = or_parse(&in);
    if (in.next != in.end)
        cmd_die("unexpected '%s'", *in.next);
    return value;
}

static bool three_evaluate(char **words) {
    enum binary operator = binary_find(words[1]);
    if (operator != NONE)
        return binary_evaluate(words[0], operator, words[2]);
    if (strcmp(words[1], "-a") == 0 || strcmp(words[1], "-o") == 0)
        return all_parse(words, 3);
    if (strcmp(words[0], "!") == 0)
        return !words_evaluate(words + 1, 2);
    if (strcmp(words[0], "(") == 0 && strcmp(words[2], ")") == 0)
        return words_evaluate(words + 1, 1);
    return all_parse(words, 3);
}

static bool words_evaluate(char **words, int count) {
    switch (count) {
    case 0:
        return false;
    case 1:
        return *words[0] != '\0';
    case 2:
        if (strcmp(words[0], "!") == 0)
            return !words_evaluate(words + 1, 1);
        if (is_unary(words[0]))
            return unary_evaluate(words[0], words[1]);
        cmd_die("unexpected '%s'", words[0]);
    case 3:
        return three_evaluate(words);
    case 4:
        if (strcmp(words[0], "!") == 0)
            return !words_evaluate(words + 1, 3);
        if (strcmp(words[0], "(") == 0 && strcmp(words[3], ")") == 0)
            return words_evaluate(words + 1, 2);
        /* fall through */
    default:
        return all_parse(words, count);
    }
}

int main(int argc, char **argv) {
    cmd_begin(argv, 2);
    if (strcmp(cmd_name, "[") == 0) {
        if (strcmp(argv[argc - 1], "]") != 0)
            cmd_die("missing ']'");
        argc--;
    }
    return !words_evaluate(argv + 1, argc - 1);
}
