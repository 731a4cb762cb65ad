/*
 * Arithmetic: C's expressions over 64-bit integers, by precedence climbing.  Overflow
 * wraps.  The sides that C does not evaluate are parsed, but without effects.
 */
#include "expand.h"
#include "parse.h"
#include "shell.h"
#include "vars.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arith {
    const char *all;
    const char *at;
    bool failed;
    int skipped; /* above 0: parse, but assign nothing and divide by anything */
};

struct operator {
    char text[4];
    int level; /* higher binds tighter */
};

static const struct operator operators[] = {
    /* the longer ones first, where one is the start of another */
    {"||", 1}, {"&&", 2}, {"<<", 8}, {">>", 8}, {"<=", 7}, {">=", 7}, {"==", 6},
    {"!=", 6}, {"|", 3},  {"^", 4},  {"&", 5},  {"<", 7},  {">", 7},  {"+", 9},
    {"-", 9},  {"*", 10}, {"/", 10}, {"%", 10},
};

static long long parse_expression(struct arith *arith);
static long long parse_conditional(struct arith *arith);

static void arith_fail(struct arith *arith, const char *reason) {
    if (!arith->failed)
        shell_error("arithmetic: %s in \"%.200s\"", reason, arith->all);
    arith->failed = true;
}

static void skip_blanks(struct arith *arith) {
    while (isspace((unsigned char)*arith->at))
        arith->at++;
}

static bool accept(struct arith *arith, const char *text) {
    size_t len = strlen(text);

    skip_blanks(arith);
    if (strncmp(arith->at, text, len) != 0)
        return false;
    arith->at += len;
    return true;
}

static long long parse_number(struct arith *arith) {
    char *end;
    long long value = strtoull(arith->at, &end, 0);

    if (isalnum((unsigned char)*end) || *end == '_')
        arith_fail(arith, "bad number");
    arith->at = end;
    return value;
}

static long long variable_value(struct arith *arith, const char *name) {
    const char *text = param_get(name);
    bool negative;
    char *end;
    long long value;

    if (!text && shell.options.nounset)
        arith_fail(arith, "unset variable");
    if (!text)
        return 0;
    while (isspace((unsigned char)*text))
        text++;
    negative = *text == '-';
    text += *text == '-' || *text == '+';
    value = strtoull(text, &end, 0);
    while (isspace((unsigned char)*end))
        end++;
    if (*end)
        arith_fail(arith, "variable is not a number");
    return negative ? (long long)(0 - (unsigned long long)value) : value;
}

static long long apply(struct arith *arith, const char *op, long long left, long long right) {
    unsigned long long a = left, b = right;

    if ((*op == '/' || *op == '%') && right == 0) {
        if (!arith->skipped)
            arith_fail(arith, "division by zero");
        return 0;
    }
    switch (*op) {
    case '+':
        return a + b;
    case '-':
        return a - b;
    case '*':
        return a * b;
    case '/':
        return right == -1 ? (long long)(0 - a) : left / right;
    case '%':
        return right == -1 ? 0 : left % right;
    case '&':
        return a & b;
    case '|':
        return a | b;
    case '^':
        return a ^ b;
    case '=':
        return left == right;
    case '!':
        return left != right;
    case '<':
        return op[1] == '<' ? (long long)(a << (b & 63)) : op[1] ? left <= right : left < right;
    default:
        return op[1] == '>' ? left >> (b & 63) : op[1] ? left >= right : left > right;
    }
}

static void assign(struct arith *arith, const char *name, long long value) {
    char digits[24];

    if (arith->skipped || arith->failed)
        return;
    snprintf(digits, sizeof(digits), "%lld", value);
    if (!var_set(name, digits))
        arith->failed = true;
}

/* After a variable's name: `=` or `op=`, else its value. */
static long long parse_assignment(struct arith *arith, const char *name) {
    static const char *const compound[] = {"<<=", ">>=", "+=", "-=", "*=",
                                           "/=",  "%=",  "&=", "|=", "^="};
    long long value;

    skip_blanks(arith);
    if (arith->at[0] == '=' && arith->at[1] != '=') {
        arith->at++;
        value = parse_conditional(arith);
        assign(arith, name, value);
        return value;
    }
    for (size_t i = 0; i < sizeof(compound) / sizeof(compound[0]); i++) {
        if (!accept(arith, compound[i]))
            continue;
        value = parse_conditional(arith);
        value = apply(arith, compound[i], variable_value(arith, name), value);
        assign(arith, name, value);
        return value;
    }
    return arith->skipped ? 0 : variable_value(arith, name);
}

static long long parse_name(struct arith *arith) {
    const char *start = arith->at;
    long long value;
    char *name;

    while (isalnum((unsigned char)*arith->at) || *arith->at == '_')
        arith->at++;
    name = xstrndup(start, arith->at - start);
    value = parse_assignment(arith, name);
    free(name);
    return value;
}

static long long parse_primary(struct arith *arith) {
    long long value = 0;

    skip_blanks(arith);
    if (accept(arith, "(")) {
        value = parse_expression(arith);
        if (!accept(arith, ")"))
            arith_fail(arith, "missing )");
    } else if (isdigit((unsigned char)*arith->at)) {
        value = parse_number(arith);
    } else if (isalpha((unsigned char)*arith->at) || *arith->at == '_') {
        value = parse_name(arith);
    } else {
        arith_fail(arith, "operand expected");
    }
    return value;
}

static long long parse_unary(struct arith *arith) {
    if (shell_stack_is_low())
        arith_fail(arith, "nested too deeply");
    if (arith->failed)
        return 0;
    if (accept(arith, "-"))
        return 0 - (unsigned long long)parse_unary(arith);
    if (accept(arith, "+"))
        return parse_unary(arith);
    if (accept(arith, "!"))
        return !parse_unary(arith);
    if (accept(arith, "~"))
        return ~parse_unary(arith);
    return parse_primary(arith);
}

static const struct operator *peek_operator(struct arith *arith) {
    skip_blanks(arith);
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        if (strncmp(arith->at, operators[i].text, strlen(operators[i].text)) == 0)
            return &operators[i];
    }
    return NULL;
}

/* Operators of at least LEVEL, all of which bind to the left. */
static long long parse_binary(struct arith *arith, int level) {
    long long left = parse_unary(arith);
    const struct operator *op;

    while (!arith->failed && (op = peek_operator(arith)) && op->level >= level) {
        bool is_and = op->level == 2, is_or = op->level == 1;
        bool decided = (is_and && !left) || (is_or && left);
        long long right;

        arith->at += strlen(op->text);
        arith->skipped += decided;
        right = parse_binary(arith, op->level + 1);
        arith->skipped -= decided;
        if (is_and || is_or)
            left = is_and ? left && right : left || right;
        else
            left = apply(arith, op->text, left, right);
    }
    return left;
}

static long long parse_conditional(struct arith *arith) {
    long long condition = parse_binary(arith, 1);
    long long yes, no;

    if (arith->failed || !accept(arith, "?"))
        return condition;
    arith->skipped += !condition;
    yes = parse_expression(arith);
    arith->skipped -= !condition;
    if (!accept(arith, ":"))
        arith_fail(arith, "missing :");
    arith->skipped += !!condition;
    no = parse_conditional(arith);
    arith->skipped -= !!condition;
    return condition ? yes : no;
}

static long long parse_expression(struct arith *arith) {
    long long value = parse_conditional(arith);

    while (!arith->failed && accept(arith, ","))
        value = parse_conditional(arith);
    return value;
}

bool arith_evaluate(const char *text, long long *value) {
    struct arith arith = {.all = text, .at = text};

    skip_blanks(&arith);
    *value = *arith.at ? parse_expression(&arith) : 0;
    skip_blanks(&arith);
    if (*arith.at)
        arith_fail(&arith, "unexpected text");
    return !arith.failed;
}
