/* The shell's state, messages, the way out, and the loop that reads and runs. */
#include "shell.h"
#include "exec.h"
#include "input.h"
#include "jobs.h"
#include "out.h"
#include "parse.h"
#include "trap.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct shell shell = {.name = "sh", .arg0 = "sh"};

static void message_write(int line, const char *format, va_list args) {
    struct strbuf message = {0};
    char text[512];

    strbuf_add_str(&message, shell.name);
    strbuf_add_str(&message, ": ");
    if (!shell.typed && line > 0) {
        snprintf(text, sizeof(text), "line %d: ", line);
        strbuf_add_str(&message, text);
    }
    vsnprintf(text, sizeof(text), format, args);
    strbuf_add_str(&message, text);
    strbuf_add_char(&message, '\n');
    out_flush();
    (void)!write(STDERR_FILENO, message.text, message.len);
    strbuf_free(&message);
}

void shell_error(const char *format, ...) {
    va_list args;

    va_start(args, format);
    message_write(shell.line, format, args);
    va_end(args);
}

void shell_error_at(int line, const char *format, ...) {
    va_list args;

    va_start(args, format);
    message_write(line, format, args);
    va_end(args);
}

void shell_exit(int status) {
    status = trap_run_exit(status);
    jobs_leave();
    if (out_flush() != 0 && status == 0)
        status = 1;
    _exit(status);
}

void shell_out_of_memory(void) {
    static const char message[] = "sh: out of memory\n";

    (void)!write(STDERR_FILENO, message, sizeof(message) - 1);
    if (shell.interactive)
        abort();
    _exit(2);
}

void shell_abort(int status) {
    shell.status = status;
    shell.unwind = UNWIND_ABORT;
}

/* Half of what the system grants, so that there is room for whatever is called from where
 * the check is made. */
static size_t stack_budget(void) {
    enum { UNKNOWN = 64 * 1024, ENOUGH = 2 * 1024 * 1024 };
    struct rlimit limit;

    if (getrlimit(RLIMIT_STACK, &limit) < 0)
        return UNKNOWN;
    return limit.rlim_cur / 2 < ENOUGH ? limit.rlim_cur / 2 : ENOUGH;
}

bool shell_stack_is_low(void) {
    static uintptr_t start;
    static size_t budget;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);

    if (!start) {
        start = here;
        budget = stack_budget();
    }
    return start > here && start - here > budget;
}

static bool is_last(const struct input *input) {
    const char *rest = input->text.text + input->pos;

    return input->kind == INPUT_STRING && rest[strspn(rest, " \t\n")] == '\0';
}

static void run_tree(struct input *input, const struct node *tree, unsigned flags) {
    if (tree)
        exec_node(tree, is_last(input) ? flags : 0);
    if (shell.unwind == UNWIND_ABORT && input->kind == INPUT_PROMPT)
        shell.unwind = UNWIND_NONE;
}

static void after_syntax_error(struct input *input) {
    if (input->kind == INPUT_PROMPT) {
        input_discard(input);
        shell.status = 2;
    } else {
        shell_abort(2);
    }
}

static void before_prompt(void) {
    out_flush();
    shell.prompts++;
    jobs_notify();
    trap_forget_interrupt();
    trap_run_pending();
}

/* After ^D: the prompt comes back if there are stopped jobs, but not after a hang-up. */
static bool prompt_must_stay(struct input *input) {
    if (input->kind != INPUT_PROMPT)
        return false;
    trap_run_pending();
    input->ended = jobs_may_exit();
    return !input->ended;
}

int shell_run_input(struct input *input, unsigned flags) {
    enum parse_result result = PARSE_COMMAND;

    while (result != PARSE_END && shell.unwind == UNWIND_NONE) {
        struct arena *arena = arena_new();
        struct node *tree = NULL;

        if (input->kind == INPUT_PROMPT)
            before_prompt();
        result = parse_command_line(input, arena, &tree);
        if (result == PARSE_COMMAND)
            run_tree(input, tree, flags);
        else if (result == PARSE_ERROR)
            after_syntax_error(input);
        else if (result == PARSE_INTERRUPTED)
            shell.status = 130;
        else if (result == PARSE_END && prompt_must_stay(input))
            result = PARSE_INTERRUPTED;
        arena_put(arena);
    }
    return shell.status;
}
