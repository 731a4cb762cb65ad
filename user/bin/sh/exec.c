/* The walk over the tree: lists, pipelines and compound commands. */
#include "exec.h"
#include "expand.h"
#include "jobs.h"
#include "shell.h"
#include "trap.h"
#include "vars.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void exec_check(int status) {
    if (status != 0 && shell.options.errexit && shell.tested == 0 &&
        shell.unwind == UNWIND_NONE)
        shell_exit(status);
}

/* Runs a command whose status is looked at, so that set -e leaves it alone. */
static int exec_tested(const struct node *node) {
    int status;

    shell.tested++;
    status = exec_node(node, 0);
    shell.tested--;
    return status;
}

static int exec_list(const struct node *node, unsigned flags) {
    int status = 0;

    for (const struct node *child = node->children; child; child = child->next) {
        status = exec_node(child, child->next ? 0 : flags);
        if (shell.unwind != UNWIND_NONE)
            break;
    }
    return status;
}

static int exec_and_or(const struct node *node, unsigned flags) {
    int status = 0;

    for (const struct node *child = node->children; child; child = child->next) {
        bool skipped = child != node->children && (child->or_else ? status == 0 : status != 0);

        if (skipped)
            continue;
        status = child->next ? exec_tested(child) : exec_node(child, flags);
        if (shell.unwind != UNWIND_NONE)
            break;
    }
    return status;
}

/* Connects a child of a pipeline: IN and OUT[1] become its standard input and output. */
static void connect_stage(int in, const int out[2]) {
    if (in >= 0) {
        dup2(in, STDIN_FILENO);
        close(in);
    }
    if (out[1] >= 0) {
        close(out[0]);
        dup2(out[1], STDOUT_FILENO);
        close(out[1]);
    }
}

/* Starts one stage that reads IN; returns what the next stage reads, or -1. */
static int start_stage(struct job *job, const struct node *stage, int in) {
    int out[2] = {-1, -1};

    if (stage->next && pipe(out) < 0) {
        shell_error("cannot make a pipe: %s", strerror(errno));
        job_fail(job);
    } else if (job_fork(job, JOB_FOREGROUND) == 0) {
        connect_stage(in, out);
        shell_exit(exec_node(stage, EXEC_LAST));
    }
    if (in >= 0)
        close(in);
    if (out[1] >= 0)
        close(out[1]);
    return out[0];
}

static int exec_pipeline(const struct node *node) {
    struct job *job = job_new(node->text);
    int in = -1;

    for (const struct node *stage = node->children; stage; stage = stage->next) {
        in = start_stage(job, stage, in);
        if (job_has_failed(job))
            break;
    }
    if (in >= 0)
        close(in);
    return job_wait(job);
}

static int exec_background(const struct node *node) {
    struct job *job = job_new(node->text);

    if (job_fork(job, JOB_BACKGROUND) == 0)
        shell_exit(exec_node(node->children, EXEC_LAST));
    return job_background(job);
}

static int exec_subshell(const struct node *node, unsigned flags) {
    struct job *job;

    if (!(flags & EXEC_LAST) || trap_any()) {
        job = job_new(node->text);
        if (job_fork(job, JOB_FOREGROUND) != 0)
            return job_wait(job);
    }
    if (!redirs_apply(node->redirs, NULL))
        shell_exit(1);
    shell_exit(exec_node(node->body, EXEC_LAST));
}

static int exec_if(const struct node *node, unsigned flags) {
    while (node && node->kind == NODE_IF) {
        int status = exec_tested(node->condition);

        if (shell.unwind != UNWIND_NONE)
            return status;
        if (status == 0)
            return exec_node(node->body, flags);
        node = node->otherwise;
    }
    return exec_node(node, flags);
}

/* After a round of a loop: does it go on?  Takes break and continue as far as they concern
 * this loop. */
static bool loop_goes_on(void) {
    bool goes_on = shell.unwind == UNWIND_CONTINUE;

    if (shell.unwind == UNWIND_NONE)
        return true;
    if (shell.unwind != UNWIND_BREAK && shell.unwind != UNWIND_CONTINUE)
        return false;
    if (--shell.unwind_levels > 0)
        return false;
    shell.unwind = UNWIND_NONE;
    return goes_on;
}

static int exec_while(const struct node *node) {
    bool until = node->kind == NODE_UNTIL;
    int status = 0;

    shell.loop_depth++;
    for (;;) {
        bool holds = exec_tested(node->condition) == 0;

        if (shell.unwind != UNWIND_NONE) {
            if (!loop_goes_on())
                break;
            continue;
        }
        if (holds == until)
            break;
        status = exec_node(node->body, 0);
        if (!loop_goes_on())
            break;
    }
    shell.loop_depth--;
    return shell.unwind == UNWIND_NONE ? status : shell.status;
}

/* The words that a FOR goes through, copied: the body may change the originals. */
static bool for_items(const struct node *node, struct arena *arena, struct strlist *items) {
    for (int i = 0; node->positional && i < params.count; i++)
        strlist_add(items, arena_strdup(arena, params.items[i]));
    for (const struct word *word = node->words; word; word = word->next) {
        if (!expand_fields(word, arena, items))
            return false;
    }
    return true;
}

static int exec_for(const struct node *node) {
    struct arena *arena = arena_new();
    struct strlist items = {0};
    int status = 0;

    if (!for_items(node, arena, &items))
        status = shell.status;
    shell.loop_depth++;
    for (size_t i = 0; shell.unwind == UNWIND_NONE && i < items.count; i++) {
        if (!var_set(node->text, items.items[i])) {
            shell_abort(2);
            break;
        }
        status = exec_node(node->body, 0);
        if (!loop_goes_on())
            break;
    }
    shell.loop_depth--;
    strlist_free(&items);
    arena_put(arena);
    return status;
}

static const struct case_item *case_select(const struct node *node, const char *subject,
                                           struct arena *arena) {
    for (const struct case_item *item = node->cases; item; item = item->next) {
        for (const struct word *word = item->patterns; word; word = word->next) {
            const char *pattern = expand_pattern(word, arena);

            if (!pattern)
                return NULL;
            if (pattern_matches(pattern, subject))
                return item;
        }
    }
    return NULL;
}

static int exec_case(const struct node *node, unsigned flags) {
    struct arena *arena = arena_new();
    const char *subject = expand_string(node->words, arena);
    const struct case_item *item = subject ? case_select(node, subject, arena) : NULL;

    arena_put(arena);
    if (shell.unwind != UNWIND_NONE)
        return shell.status;
    return item ? exec_node(item->body, flags) : 0;
}

static int exec_kind(const struct node *node, unsigned flags) {
    switch (node->kind) {
    case NODE_SIMPLE:
        return exec_simple(node, flags);
    case NODE_LIST:
        return exec_list(node, flags);
    case NODE_AND_OR:
        return exec_and_or(node, flags);
    case NODE_NOT:
        return !exec_tested(node->children);
    case NODE_PIPELINE:
        return exec_pipeline(node);
    case NODE_BACKGROUND:
        return exec_background(node);
    case NODE_SUBSHELL:
        return exec_subshell(node, flags);
    case NODE_GROUP:
        return exec_node(node->body, flags);
    case NODE_IF:
        return exec_if(node, flags);
    case NODE_WHILE:
    case NODE_UNTIL:
        return exec_while(node);
    case NODE_FOR:
        return exec_for(node);
    case NODE_CASE:
        return exec_case(node, flags);
    case NODE_FUNCTION:
        function_define(node);
        return 0;
    }
    return 0;
}

/* A compound command with redirections around it. */
static int exec_redirected(const struct node *node, unsigned flags) {
    struct saved_fd *saves = NULL;
    int status = 1;

    if (redirs_apply(node->redirs, &saves))
        status = exec_kind(node, flags);
    redirs_undo(&saves);
    return status;
}

int exec_node(const struct node *node, unsigned flags) {
    bool own_redirs;

    if (!node || (shell.options.noexec && !shell.interactive)) {
        shell.status = 0;
        return 0;
    }
    if (shell_stack_is_low()) {
        shell_error("commands nested too deeply");
        shell_abort(2);
        return shell.status;
    }
    shell.line = node->line;
    own_redirs = node->kind == NODE_SIMPLE || node->kind == NODE_SUBSHELL || !node->redirs;
    shell.status = own_redirs ? exec_kind(node, flags) : exec_redirected(node, flags);
    if (node->kind == NODE_SIMPLE || node->kind == NODE_SUBSHELL || node->kind == NODE_PIPELINE)
        exec_check(shell.status);
    trap_run_pending();
    return shell.status;
}
