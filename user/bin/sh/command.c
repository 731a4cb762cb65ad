/* Simple commands: expand the words, then call a builtin, a function or a program. */
#include "exec.h"
#include "expand.h"
#include "jobs.h"
#include "parse.h"
#include "shell.h"
#include "trap.h"
#include "vars.h"

#include <string.h>
#include <unistd.h>

/* What assignments before a command do. */
enum assign_mode {
    ASSIGN_SHELL,  /* they stay */
    ASSIGN_SCOPED, /* for the time of a builtin or function, exported */
    ASSIGN_CHILD,  /* in a process that becomes the program, exported */
};

static void trace_add(struct strbuf *line, const char *text) {
    if (line->len > 0)
        strbuf_add_char(line, ' ');
    strbuf_add_str(line, text);
}

/* set -x: one write, so that the lines of several processes do not mix. */
static void trace_write(struct strbuf *line) {
    const char *prefix = var_get("PS4");
    struct strbuf whole = {0};

    strbuf_add_str(&whole, prefix ? prefix : "+ ");
    strbuf_add_str(&whole, strbuf_text(line));
    strbuf_add_char(&whole, '\n');
    (void)!write(STDERR_FILENO, whole.text, whole.len);
    strbuf_free(&whole);
    strbuf_free(line);
}

static void trace_args(const struct strlist *args) {
    struct strbuf line = {0};

    for (size_t i = 0; i < args->count; i++)
        trace_add(&line, args->items[i]);
    trace_write(&line);
}

static void trace_assignment(const char *name, const char *value) {
    struct strbuf line = {0};

    strbuf_add_str(&line, name);
    strbuf_add_char(&line, '=');
    strbuf_add_str(&line, value);
    trace_write(&line);
}

static bool assignments_apply(const struct assignment *list, enum assign_mode mode,
                              struct arena *arena) {
    for (; list; list = list->next) {
        const char *value = expand_assignment(list->value, arena);

        if (!value)
            return false;
        if (mode == ASSIGN_SCOPED)
            var_save(list->name);
        if (!var_set(list->name, value)) {
            shell_abort(2);
            return false;
        }
        if (mode != ASSIGN_SHELL)
            var_export(list->name, true);
        if (shell.options.xtrace)
            trace_assignment(list->name, value);
    }
    return true;
}

/* export, readonly and local take assignments: their values are not split. */
static bool takes_assignments(const struct strlist *args) {
    static const char *const names[] = {"export", "readonly", "local"};

    for (size_t i = 0; args->count > 0 && i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(args->items[0], names[i]) == 0)
            return true;
    }
    return false;
}

static bool expand_args(const struct node *node, struct arena *arena, struct strlist *args) {
    for (const struct word *word = node->words; word; word = word->next) {
        if (takes_assignments(args) && word_assignment(word)) {
            char *text = expand_assignment(word, arena);

            if (!text)
                return false;
            strlist_add(args, text);
        } else if (!expand_fields(word, arena, args)) {
            return false;
        }
    }
    return true;
}

/* Assignments and redirections without a command. */
static int run_nothing(const struct node *node, struct arena *arena) {
    struct saved_fd *saves = NULL;
    bool redirected = redirs_apply(node->redirs, &saves);

    redirs_undo(&saves);
    if (!assignments_apply(node->assignments, ASSIGN_SHELL, arena))
        return shell.status;
    return redirected ? shell.subst_status : 1;
}

static int run_special(const struct builtin *builtin, const struct node *node,
                       struct strlist *args, struct arena *arena) {
    struct saved_fd *saves = NULL;
    bool is_exec = strcmp(builtin->name, "exec") == 0;
    bool becomes_program = is_exec && args->count > 1;
    int status = 1;

    if (!redirs_apply(node->redirs, &saves))
        shell_abort(1);
    else if (assignments_apply(node->assignments, becomes_program ? ASSIGN_CHILD : ASSIGN_SHELL, arena))
        status = builtin_run(builtin, args->count, args->items);
    if (is_exec && shell.unwind != UNWIND_ABORT)
        redirs_keep(&saves);
    else
        redirs_undo(&saves);
    return status;
}

/* A builtin or a function, with its redirections and assignments for the time being. */
static int run_scoped(const struct builtin *builtin, const struct function *function,
                      const struct node *node, struct strlist *args, struct arena *arena) {
    struct saved_fd *saves = NULL;
    struct var_scope scope;
    int status = 1;

    var_scope_push(&scope, false);
    if (redirs_apply(node->redirs, &saves) &&
        assignments_apply(node->assignments, ASSIGN_SCOPED, arena)) {
        if (builtin)
            status = builtin_run(builtin, args->count, args->items);
        else
            status = function_call(function, args->count, args->items);
    }
    redirs_undo(&saves);
    var_scope_pop();
    return status;
}

static int run_program(const struct node *node, struct strlist *args, struct arena *arena,
                       unsigned flags) {
    struct job *job;

    if (!(flags & EXEC_LAST) || trap_any()) {
        job = job_new(node->text);
        if (job_fork(job, JOB_FOREGROUND) != 0)
            return job_wait(job);
    }
    if (!redirs_apply(node->redirs, NULL))
        shell_exit(1);
    if (!assignments_apply(node->assignments, ASSIGN_CHILD, arena))
        shell_exit(shell.status);
    program_exec(args->items);
}

static int run_command(const struct node *node, struct strlist *args, struct arena *arena,
                       unsigned flags) {
    const struct builtin *builtin = builtin_find(args->items[0]);
    const struct function *function;

    if (shell.options.xtrace)
        trace_args(args);
    if (builtin && builtin->special)
        return run_special(builtin, node, args, arena);
    function = function_find(args->items[0]);
    if (function || builtin)
        return run_scoped(function ? NULL : builtin, function, node, args, arena);
    return run_program(node, args, arena, flags);
}

int exec_simple(const struct node *node, unsigned flags) {
    struct arena *arena = arena_new();
    struct strlist args = {0};
    int status;

    shell.subst_status = 0;
    if (!expand_args(node, arena, &args))
        status = shell.status;
    else if (args.count == 0)
        status = run_nothing(node, arena);
    else
        status = run_command(node, &args, arena, flags);
    strlist_free(&args);
    arena_put(arena);
    return status;
}
