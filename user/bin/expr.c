/*
 * expr EXPRESSION: computes with numbers and texts. Operators from weak to strong:
 * |  &  = == != < <= > >=  + -  * / %  :  ; also ( ), match, substr, index, length.
 * Status 0: a value, 1: the value is empty or 0, 2: the expression is wrong.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cmd.h"
#include "common/number.h"
#include "common/pattern.h"

static char **next;             /* the words to come */

/* Values are texts; a number is a text that looks like one. */
static char *or_parse(void);

static char *number_text(long long value) {
    char text[32];
    snprintf(text, sizeof(text), "%lld", value);
    return cmd_strdup(text);
}

static long long number_of(const char *text) {
    long long value;
    if (!number_parse(text, &value))
        cmd_die("not a number: '%s'", text);
    return value;
}

static bool is_nothing(const char *text) {
    long long value;
    return *text == '\0' || (number_parse(text, &value) && value == 0);
}

static bool word_is(const char *text) {
    return *next && strcmp(*next, text) == 0;
}

static bool word_take(const char *text) {
    if (!word_is(text))
        return false;
    next++;
    return true;
}

static char *slice(const char *text, size_t start, size_t end) {
    char *result = cmd_alloc(end - start + 1);
    memcpy(result, text + start, end - start);
    result[end - start] = '\0';
    return result;
}

/* TEXT : PATTERN gives the first \(...\), or else how many bytes matched from the beginning. */
static char *match(const char *text, const char *pattern_text) {
    struct pattern *pattern = pattern_new(PATTERN_PREFIX);
    struct match found;
    const char *error = pattern_add(pattern, pattern_text, strlen(pattern_text));
    if (error)
        cmd_die("%s: %s", pattern_text, error);
    bool hit = pattern_search(pattern, text, strlen(text), 0, &found);
    if (pattern_groups(pattern) > 0)
        return hit && found.has_group ? slice(text, found.group_start, found.group_end)
                                      : cmd_strdup("");
    return number_text(hit ? (long long)found.end : 0);
}

static char *substring(const char *text, long long start, long long length) {
    long long size = strlen(text);
    if (start < 1 || length < 1 || start > size)
        return cmd_strdup("");
    if (length > size - start + 1)
        length = size - start + 1;
    return slice(text, start - 1, start - 1 + length);
}

static char *primary_parse(void) {
    if (*next == NULL)
        cmd_die("the expression ends too early");
    if (word_take("(")) {
        char *value = or_parse();
        if (!word_take(")"))
            cmd_die("missing ')'");
        return value;
    }
    if (word_take("length"))
        return number_text(strlen(primary_parse()));
    if (word_take("match")) {
        char *text = primary_parse();
        return match(text, primary_parse());
    }
    if (word_take("index")) {
        char *text = primary_parse(), *set = primary_parse();
        size_t place = strcspn(text, set);
        return number_text(text[place] ? (long long)place + 1 : 0);
    }
    if (word_take("substr")) {
        char *text = primary_parse();
        long long start = number_of(primary_parse());
        return substring(text, start, number_of(primary_parse()));
    }
    return *next++;
}

static char *match_parse(void) {
    char *left = primary_parse();
    while (word_take(":"))
        left = match(left, primary_parse());
    return left;
}

static char *product_parse(void) {
    char *left = match_parse();
    while (word_is("*") || word_is("/") || word_is("%")) {
        char operator = **next++;
        long long a = number_of(left), b = number_of(match_parse()), value;
        bool overflow = false;
        if (operator != '*' && b == 0)
            cmd_die("division by zero");
        if (operator == '*')
            overflow = __builtin_mul_overflow(a, b, &value);
        else if (b == -1)
            overflow = operator == '/' ? __builtin_sub_overflow(0, a, &value) : (value = 0);
        else
            value = operator == '/' ? a / b : a % b;
        if (overflow)
            cmd_die("the number is too large");
        left = number_text(value);
    }
    return left;
}

static char *sum_parse(void) {
    char *left = product_parse();
    while (word_is("+") || word_is("-")) {
        char operator = **next++;
        long long a = number_of(left), b = number_of(product_parse()), value;
        bool overflow = operator == '+' ? __builtin_add_overflow(a, b, &value)
                                        : __builtin_sub_overflow(a, b, &value);
        if (overflow)
            cmd_die("the number is too large");
        left = number_text(value);
    }
    return left;
}

/* Compares as numbers when both are, else as texts. */
static char *comparison_parse(void) {
    static const char *const operators[] = { "<", "<=", "=", "==", "!=", ">=", ">" };
    char *left = sum_parse();
    for (;;) {
        size_t i = 0;
        while (i < 7 && !word_take(operators[i]))
            i++;
        if (i == 7)
            return left;
        char *right = sum_parse();
        long long a, b;
        int order = strcmp(left, right);
        if (number_parse(left, &a) && number_parse(right, &b))
            order = (a > b) - (a < b);
        const bool results[] = { order < 0, order <= 0, order == 0, order == 0, order != 0,
                                 order >= 0, order > 0 };
        left = number_text(results[i]);
    }
}

static char *and_parse(void) {
    char *left = comparison_parse();
    while (word_take("&")) {
        char *right = comparison_parse();
        if (is_nothing(left) || is_nothing(right))
            left = cmd_strdup("0");
    }
    return left;
}

static char *or_parse(void) {
    char *left = and_parse();
    while (word_take("|")) {
        char *right = and_parse();
        if (is_nothing(left))
            left = *right ? right : cmd_strdup("0");
    }
    return left;
}

int main(int argc, char **argv) {
    cmd_begin(argv, 2);
    next = argv + 1;
    if (argc > 1)
        word_take("--");
    if (*next == NULL)
        cmd_usage("EXPRESSION");
    char *value = or_parse();
    if (*next)
        cmd_die("unexpected '%s'", *next);
    puts(value);
    return cmd_end(is_nothing(value));
}
