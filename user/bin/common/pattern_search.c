/*
 * Running a pattern's program: one thread for each step that a match may have
 * reached, all moved over a byte together. Threads are kept in the order of their
 * beginnings, so the first to reach a step is the leftmost, and others drop out.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "pattern.h"
#include "pattern_code.h"
#include "pattern_set.h"

struct search {
    struct pattern *pattern;
    const char *text;
    size_t length;
    bool found;
    bool any_will_do;           /* the caller does not ask where the match is */
    struct match best;
};

static void marks_clear(struct pattern *pattern) {
    pattern->generation++;
}

/* True when the step was not yet marked in this generation. */
static bool step_mark(struct pattern *pattern, int step) {
    if (pattern->mark[step] == pattern->generation)
        return false;
    pattern->mark[step] = pattern->generation;
    return true;
}

/* Collects the bytes a match can begin with, taking every condition for true. */
static void first_bytes_find(struct pattern *pattern) {
    struct pattern_thread *stack = pattern->stack;
    int depth = 0;
    stack[depth++].step = 0;
    while (depth > 0) {
        int step = stack[--depth].step;
        const struct pattern_step *at = &pattern->steps[step];
        if (!step_mark(pattern, step))
            continue;
        switch (at->op) {
        case OP_BYTE:
            byte_set_add(&pattern->first, at->byte);
            break;
        case OP_ANY:
            memset(&pattern->first, 0xff, sizeof(pattern->first));
            break;
        case OP_SET:
            for (int i = 0; i < 4; i++)
                pattern->first.bits[i] |= pattern->sets[at->set].bits[i];
            break;
        case OP_MATCH:
            pattern->may_be_empty = true;
            break;
        case OP_FAIL:
            break;
        case OP_SPLIT:
            stack[depth++].step = step + at->y;
            stack[depth++].step = step + at->x;
            break;
        case OP_JUMP:
            stack[depth++].step = step + at->x;
            break;
        default:
            stack[depth++].step = step + 1;
            break;
        }
    }
}

static void search_prepare(struct pattern *pattern) {
    size_t count = pattern->count;
    size_t list = count * sizeof(struct pattern_thread);
    pattern->now.list = cmd_realloc(pattern->now.list, list);
    pattern->next.list = cmd_realloc(pattern->next.list, list);
    pattern->stack = cmd_realloc(pattern->stack, 2 * list + sizeof(struct pattern_thread));
    pattern->mark = cmd_realloc(pattern->mark, count * sizeof(*pattern->mark));
    memset(pattern->mark, 0, count * sizeof(*pattern->mark));
    pattern->generation = 0;
    memset(&pattern->first, 0, sizeof(pattern->first));
    pattern->may_be_empty = false;

    marks_clear(pattern);
    first_bytes_find(pattern);
    pattern->ready = true;
}

static bool place_holds(const struct search *search, enum pattern_op op, size_t at) {
    bool before = at > 0 && byte_is_word(search->text[at - 1]);
    bool after = at < search->length && byte_is_word(search->text[at]);
    switch (op) {
    case OP_LINE_START: return at == 0;
    case OP_LINE_END: return at == search->length;
    case OP_WORD_START: return !before && after;
    case OP_WORD_END: return before && !after;
    case OP_WORD_EDGE: return before != after;
    case OP_WORD_INSIDE: return before == after;
    case OP_NO_WORD_BEFORE: return !before;
    case OP_NO_WORD_AFTER: return !after;
    default: return true;
    }
}

/* A thread reached OP_MATCH: is this match further left, or as far left and longer? */
static void match_note(struct search *search, const struct pattern_thread *thread, size_t at) {
    struct match *best = &search->best;
    bool better = !search->found || thread->start < best->start ||
                  (thread->start == best->start && at > best->end);
    if (!better)
        return;
    search->found = true;
    *best = (struct match){
        .start = thread->start, .end = at, .has_group = thread->has_group,
        .group_start = thread->group_start, .group_end = thread->group_end,
    };
}

/*
 * One step of the thread on top of the stack that consumes nothing. Returns the new
 * depth: a split adds a thread, and one that has arrived or failed goes.
 */
static int top_move(struct search *search, struct pattern_threads *list, int depth, size_t at) {
    struct pattern_thread *top = &search->pattern->stack[depth - 1];
    const struct pattern_step *step = &search->pattern->steps[top->step];
    switch (step->op) {
    case OP_BYTE: case OP_ANY: case OP_SET:
        list->list[list->count++] = *top;
        return depth - 1;
    case OP_MATCH:
        match_note(search, top, at);
        return depth - 1;
    case OP_FAIL:
        return depth - 1;
    case OP_SPLIT:
        top[1] = *top;
        top[1].step += step->x;     /* x is on top: it is followed first */
        top->step += step->y;
        return depth + 1;
    case OP_JUMP:
        top->step += step->x;
        return depth;
    case OP_GROUP_START:
        top->group_start = at;
        break;
    case OP_GROUP_END:
        top->has_group = true;
        top->group_end = at;
        break;
    default:
        if (!place_holds(search, step->op, at))
            return depth - 1;
    }
    top->step++;
    return depth;
}

/*
 * Follows a thread that stands before the byte `at` over everything that
 * consumes nothing, and lists where it ends up. The stack is explicit: a long
 * pattern must not cost a deep recursion.
 */
static void thread_follow(struct search *search, struct pattern_threads *list,
                          const struct pattern_thread *origin, size_t at) {
    struct pattern *pattern = search->pattern;
    int depth = 1;
    pattern->stack[0] = *origin;
    while (depth > 0) {
        if (step_mark(pattern, pattern->stack[depth - 1].step))
            depth = top_move(search, list, depth, at);
        else
            depth--;
    }
}

static bool step_consumes(const struct pattern *pattern, int step, unsigned char byte) {
    const struct pattern_step *at = &pattern->steps[step];
    if (at->op == OP_BYTE)
        return at->byte == byte;
    return at->op == OP_ANY || byte_set_has(&pattern->sets[at->set], byte);
}

/* Moves all threads over the byte at `at`. Those that began behind the best match are out. */
static void threads_advance(struct search *search, size_t at) {
    struct pattern *pattern = search->pattern;
    struct pattern_threads done = pattern->now;
    pattern->now = pattern->next;
    pattern->now.count = 0;
    marks_clear(pattern);
    for (int i = 0; i < done.count; i++) {
        struct pattern_thread *thread = &done.list[i];
        if (search->found && thread->start > search->best.start)
            break;
        if (step_consumes(pattern, thread->step, search->text[at])) {
            thread->step++;
            thread_follow(search, &pattern->now, thread, at + 1);
        }
    }
    pattern->next = done;
}

/* The next place where a match can begin; `length` when it is none. */
static size_t candidate_find(const struct search *search, size_t at) {
    const struct pattern *pattern = search->pattern;
    if (pattern->may_be_empty)
        return at;
    while (at < search->length && !byte_set_has(&pattern->first, search->text[at]))
        at++;
    return at;
}

bool pattern_search(struct pattern *pattern, const char *text, size_t length, size_t from,
                    struct match *match) {
    struct search search = {
        .pattern = pattern, .text = text, .length = length, .any_will_do = match == NULL,
    };
    if (pattern->count == 0)
        return false;
    if (!pattern->ready)
        search_prepare(pattern);
    pattern->now.count = 0;
    marks_clear(pattern);
    for (size_t at = from;; at++) {
        if (pattern->now.count == 0) {
            if (search.found)
                break;
            at = candidate_find(&search, at);
            marks_clear(pattern);
        }
        if (!search.found) {
            struct pattern_thread fresh = { .step = 0, .start = at };
            thread_follow(&search, &pattern->now, &fresh, at);
        }
        if (at >= length || (search.found && search.any_will_do))
            break;
        threads_advance(&search, at);
    }
    if (match)
        *match = search.best;
    return search.found;
}
