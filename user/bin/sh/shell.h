/*
 * The state of one shell process, and what every part of the shell needs: messages,
 * the way out, and the guard against running out of stack.
 */
#ifndef SH_SHELL_H
#define SH_SHELL_H

#include <stdbool.h>
#include <sys/types.h>

/* Why commands are being left early.  Every loop over commands looks at it. */
enum unwind {
    UNWIND_NONE,
    UNWIND_BREAK,    /* leave shell.unwind_levels loops */
    UNWIND_CONTINUE, /* the same, but go on with the outermost of them */
    UNWIND_RETURN,   /* leave the function or the sourced file */
    UNWIND_ABORT,    /* back to the prompt; a shell without one ends */
};

/* The single letters of `set -abc`. */
struct options {
    bool allexport;
    bool errexit;
    bool noclobber;
    bool noexec;
    bool noglob;
    bool nounset;
    bool verbose;
    bool xtrace;
};

struct shell {
    const char *name; /* what messages begin with */
    const char *arg0; /* $0 */
    struct options options;
    int status;        /* $? */
    int subst_status;  /* of the last command substitution */
    int line;          /* of the command that runs: $LINENO and messages */
    pid_t pid;         /* $$: also in a subshell that of the main shell */
    pid_t last_async;  /* $!, 0 when there is none */
    bool interactive;  /* there is a prompt */
    bool typed;        /* and if not here, then in the shell that this one is a child of */
    bool job_control;  /* each pipeline gets its own process group: set -m */
    unsigned long prompts; /* PS1 was shown so often */
    enum unwind unwind;
    int unwind_levels;
    int loop_depth;     /* loops around the command that runs, in this function */
    int return_depth;   /* functions and sourced files around it */
    int tested;         /* above 0 while a status is looked at: set -e must not act */
};

extern struct shell shell;

/* Writes "NAME: line N: MESSAGE" to standard error (without a line at a prompt). */
__attribute__((format(printf, 1, 2))) void shell_error(const char *format, ...);

/* The same for a line number that is not the running command's. */
__attribute__((format(printf, 2, 3))) void shell_error_at(int line, const char *format, ...);

/* Runs the EXIT trap, if any, and ends the process. */
_Noreturn void shell_exit(int status);

/* Ends the process.  An interactive shell dies of SIGABRT, so that whoever started it
 * can tell a mishap from `exit`. */
_Noreturn void shell_out_of_memory(void);

/* An error that ends the current command line, and a shell without a prompt with it. */
void shell_abort(int status);

/* True when the stack is nearly used up: whoever recurses on input's command asks first. */
bool shell_stack_is_low(void);

/* Reads and runs commands from INPUT until it ends or they are left early; returns the last
 * status.  FLAGS as for exec_node, for the last command of a string. */
struct input;
int shell_run_input(struct input *input, unsigned flags);

#endif
