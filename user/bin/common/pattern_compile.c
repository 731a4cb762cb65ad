/* Regular expression to program: the parser writes code as it reads. */
#include <ctype.h>
#include <string.h>

#include "cmd.h"
#include "pattern.h"
#include "pattern_code.h"
#include "pattern_set.h"

#define REPEAT_MAX 255          /* POSIX RE_DUP_MAX */
#define DEPTH_MAX 200

struct parser {
    struct pattern *pattern;
    const char *begin, *p, *end;
    int depth;
    const char *error;
};

struct pattern *pattern_new(int flags) {
    struct pattern *pattern = cmd_alloc(sizeof(*pattern));
    memset(pattern, 0, sizeof(*pattern));
    pattern->flags = flags;
    return pattern;
}

int pattern_groups(const struct pattern *pattern) {
    return pattern->groups;
}

/* True at this operator: bare in an extended expression, behind a backslash in a basic one. */
static bool at_operator(const struct parser *in, char operator) {
    if (in->pattern->flags & PATTERN_EXTENDED)
        return in->p < in->end && *in->p == operator;
    return in->end - in->p >= 2 && in->p[0] == '\\' && in->p[1] == operator;
}

static bool operator_take(struct parser *in, char operator) {
    if (!at_operator(in, operator))
        return false;
    in->p += in->pattern->flags & PATTERN_EXTENDED ? 1 : 2;
    return true;
}

static int count_take(struct parser *in) {
    int value = 0;
    while (in->p < in->end && isdigit((unsigned char)*in->p) && value <= REPEAT_MAX)
        value = value * 10 + (*in->p++ - '0');
    return value;
}

/* "{low}", "{low,}" or "{low,high}", behind its opening brace. */
static void interval_parse(struct parser *in, int start) {
    int low = count_take(in), high = low;
    if (in->p < in->end && *in->p == ',') {
        in->p++;
        bool bounded = in->p < in->end && isdigit((unsigned char)*in->p);
        high = bounded ? count_take(in) : -1;
    }
    if (!operator_take(in, '}'))
        in->error = "unmatched { or invalid interval";
    else if (low > REPEAT_MAX || high > REPEAT_MAX || (high >= 0 && high < low))
        in->error = "invalid interval";
    else if (!interval_wrap(in->pattern, start, low, high))
        in->error = "regular expression too big";
}

/* In an extended expression a brace that begins no interval is just a brace. */
static bool at_interval(const struct parser *in) {
    if (!at_operator(in, '{'))
        return false;
    if (!(in->pattern->flags & PATTERN_EXTENDED))
        return true;
    return in->end - in->p >= 2 && (isdigit((unsigned char)in->p[1]) || in->p[1] == ',');
}

static void repeats_parse(struct parser *in, int start) {
    while (in->p < in->end && !in->error) {
        if (*in->p == '*') {
            in->p++;
            star_wrap(in->pattern, start);
        } else if (operator_take(in, '+')) {
            plus_wrap(in->pattern, start);
        } else if (operator_take(in, '?')) {
            optional_wrap(in->pattern, start);
        } else if (at_interval(in)) {
            operator_take(in, '{');
            interval_parse(in, start);
        } else {
            return;
        }
        if (in->pattern->count > PATTERN_STEPS_MAX)
            in->error = "regular expression too big";
    }
}

static void alternatives_parse(struct parser *in);

static void group_parse(struct parser *in) {
    bool noted = in->pattern->groups++ == 0;
    if (++in->depth > DEPTH_MAX) {
        in->error = "groups nested too deeply";
        return;
    }
    if (noted)
        step_add(in->pattern, OP_GROUP_START);
    alternatives_parse(in);
    in->depth--;
    if (!in->error && !operator_take(in, ')'))
        in->error = "unmatched (";
    if (noted)
        step_add(in->pattern, OP_GROUP_END);
}

static void bracket_parse(struct parser *in) {
    struct byte_set set = { { 0 } };
    in->error = byte_set_parse(&set, &in->p, in->end, in->pattern->flags & PATTERN_FOLD);
    set_add(in->pattern, &set);
}

/* \w, \s and their opposites. */
static void named_set_add(struct pattern *pattern, char letter) {
    struct byte_set set = { { 0 } };
    if (tolower(letter) == 's') {
        byte_set_add_class(&set, "space", 5);
    } else {
        byte_set_add_class(&set, "alnum", 5);
        byte_set_add(&set, '_');
    }
    if (isupper((unsigned char)letter))
        byte_set_invert(&set);
    set_add(pattern, &set);
}

static void escape_parse(struct parser *in) {
    static const char letters[] = "<>bB";
    static const enum pattern_op places[] = {
        OP_WORD_START, OP_WORD_END, OP_WORD_EDGE, OP_WORD_INSIDE
    };
    if (in->p == in->end) {
        in->error = "trailing backslash";
        return;
    }
    char c = *in->p++;
    const char *hit = c ? strchr(letters, c) : NULL;
    if (hit)
        step_add(in->pattern, places[hit - letters]);
    else if (c && strchr("wWsS", c))
        named_set_add(in->pattern, c);
    else if (c >= '1' && c <= '9')
        in->error = "back-references are not supported";
    else
        byte_add(in->pattern, c);
}

/* In a basic expression "^" is an anchor only where an expression begins, "$" where one ends. */
static bool at_anchor(const struct parser *in, const char *branch) {
    if (in->pattern->flags & PATTERN_EXTENDED)
        return *in->p == '^' || *in->p == '$';
    if (*in->p == '^')
        return in->p == branch;
    struct parser behind = *in;
    behind.p++;
    return *in->p == '$' &&
           (behind.p == in->end || at_operator(&behind, ')') || at_operator(&behind, '|'));
}

/* True where a "*" has nothing to repeat and stands for itself. */
static bool star_is_literal(const struct parser *in, const char *branch) {
    bool basic = !(in->pattern->flags & PATTERN_EXTENDED);
    return in->p == branch || (basic && in->p == branch + 1 && *branch == '^');
}

static void atom_parse(struct parser *in, const char *branch) {
    if (operator_take(in, '(')) {
        group_parse(in);
    } else if (at_anchor(in, branch)) {
        step_add(in->pattern, *in->p++ == '^' ? OP_LINE_START : OP_LINE_END);
    } else if (*in->p == '[') {
        in->p++;
        bracket_parse(in);
    } else if (*in->p == '.') {
        in->p++;
        step_add(in->pattern, OP_ANY);
    } else if (*in->p == '\\') {
        in->p++;
        escape_parse(in);
    } else {
        byte_add(in->pattern, *in->p++);
    }
}

/* A sequence of atoms, up to the end, "|", or the ")" that closes the group. */
static void branch_parse(struct parser *in) {
    const char *branch = in->p;
    while (in->p < in->end && !in->error) {
        if (at_operator(in, '|') || (at_operator(in, ')') && in->depth > 0))
            return;
        if (at_operator(in, ')') && !(in->pattern->flags & PATTERN_EXTENDED)) {
            in->error = "unmatched \\)";
            return;
        }
        int start = in->pattern->count;
        if (*in->p == '*' && star_is_literal(in, branch))
            byte_add(in->pattern, *in->p++);
        else
            atom_parse(in, branch);
        bool star_follows = in->p < in->end && *in->p == '*' && star_is_literal(in, branch);
        if (!in->error && !star_follows)
            repeats_parse(in, start);
    }
}

static void alternatives_parse(struct parser *in) {
    struct pattern *pattern = in->pattern;
    int last_jump = -1;     /* the jumps to the end, chained through x until it is known */
    for (;;) {
        int start = pattern->count;
        branch_parse(in);
        if (in->error || !operator_take(in, '|'))
            break;
        optional_wrap(pattern, start);
        pattern->steps[start].y++;
        step_add(pattern, OP_JUMP)->x = last_jump;
        last_jump = pattern->count - 1;
    }
    while (last_jump >= 0) {
        int previous = pattern->steps[last_jump].x;
        pattern->steps[last_jump].x = pattern->count - last_jump;
        last_jump = previous;
    }
}

/* Writes one alternative: conditions before, the code, conditions behind. */
static void alternative_write(struct parser *in) {
    struct pattern *pattern = in->pattern;
    if (pattern->flags & (PATTERN_LINE | PATTERN_PREFIX))
        step_add(pattern, OP_LINE_START);
    if (pattern->flags & PATTERN_WORD)
        step_add(pattern, OP_NO_WORD_BEFORE);
    if (pattern->flags & PATTERN_LITERAL) {
        while (in->p < in->end)
            byte_add(pattern, *in->p++);
    } else {
        alternatives_parse(in);
    }
    if (pattern->flags & PATTERN_WORD)
        step_add(pattern, OP_NO_WORD_AFTER);
    if (pattern->flags & PATTERN_LINE)
        step_add(pattern, OP_LINE_END);
    step_add(pattern, OP_MATCH);
}

const char *pattern_add(struct pattern *pattern, const char *text, size_t length) {
    struct parser in = { .pattern = pattern, .begin = text, .p = text, .end = text + length };
    if (pattern->count > 0)
        pattern->count--;       /* the OP_FAIL: another alternative takes its place */
    int start = pattern->count;
    alternative_write(&in);
    optional_wrap(pattern, start);
    step_add(pattern, OP_FAIL);
    pattern->ready = false;
    return in.error;
}
