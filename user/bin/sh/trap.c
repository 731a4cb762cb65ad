/* Signals and traps: see trap.h. */
#include "trap.h"
#include "exec.h"
#include "input.h"
#include "out.h"
#include "shell.h"
#include "signals.h"

#include "../common/signal_name.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* An interactive shell must survive what is meant for the commands that it runs, and hang up on
 * its jobs before it ends. */
static const int survived[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU};

enum { SIGNALS = 65 };

static char *commands[SIGNALS]; /* NULL: the default; "": ignored; [0] is EXIT's */

static bool is_survived(int sig) {
    for (size_t i = 0; i < sizeof(survived) / sizeof(survived[0]); i++) {
        if (survived[i] == sig)
            return shell.interactive;
    }
    return false;
}

/* What the shell does about a signal without a trap.  ^C must be able to end a loop of
 * builtins, in which there is no child to die of it. */
static int signal_untrapped(int sig) {
    if (!is_survived(sig)) {
        signal_default(sig);
        return 0;
    }
    if ((sig == SIGINT || sig == SIGHUP) && signal_catch(sig) == 0)
        return 0;
    return signal_ignore(sig);
}

void traps_init(void) {
    for (size_t i = 0; shell.interactive && i < sizeof(survived) / sizeof(survived[0]); i++)
        signal_untrapped(survived[i]);
}

void traps_reset(bool alone) {
    for (size_t i = 0; i < sizeof(survived) / sizeof(survived[0]); i++) {
        if (is_survived(survived[i]) && !commands[survived[i]])
            signal_default(survived[i]);
    }
    for (int sig = 0; sig < SIGNALS; sig++) {
        if (!commands[sig] || !*commands[sig])
            continue;
        free(commands[sig]);
        commands[sig] = NULL;
        if (sig > 0)
            signal_default(sig);
    }
    if (alone) {
        signal_ignore(SIGINT);
        signal_ignore(SIGQUIT);
    }
}

void traps_ignore_stops(void) {
    static const int stops[] = {SIGTSTP, SIGTTIN, SIGTTOU};

    for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
        signal_ignore(stops[i]);
}

bool trap_any(void) {
    for (int sig = 0; sig < SIGNALS; sig++) {
        if (commands[sig] && *commands[sig])
            return true;
    }
    return false;
}

/* Runs a trap's command; $? is the same after it as before. */
static void run_command(const char *command) {
    int status = shell.status;
    struct input input;

    input_from_string(&input, command, strlen(command), shell.line);
    shell_run_input(&input, 0);
    input_free(&input);
    shell.status = status;
}

/* ^C with no child to die of it: the command line ends, and the prompt begins a line. */
static void interrupt_builtin(void) {
    (void)!write(STDERR_FILENO, "\n", 1);
    shell_abort(128 + SIGINT);
}

void trap_run_pending(void) {
    int sig;

    while (shell.unwind == UNWIND_NONE && (sig = signal_arrived())) {
        char *command = sig < SIGNALS && commands[sig] ? xstrdup(commands[sig]) : NULL;

        signal_take(sig);
        if (command)
            run_command(command);
        else if (sig == SIGINT && shell.interactive)
            interrupt_builtin();
        else if (sig == SIGHUP && shell.interactive)
            shell_exit(128 + SIGHUP);
        free(command);
    }
}

/* Is there a command to run on SIG? */
static bool has_command(int sig) {
    return commands[sig] && *commands[sig];
}

void trap_watch_children(bool on) {
    if (has_command(SIGCHLD))
        return;
    if (on)
        signal_catch(SIGCHLD);
    else if (commands[SIGCHLD])
        signal_ignore(SIGCHLD);
    else
        signal_default(SIGCHLD);
}

int trap_arrived(void) {
    if (!has_command(SIGCHLD))
        signal_take(SIGCHLD);
    return signal_arrived();
}

bool trap_hung_up(void) {
    return !commands[SIGHUP] && signal_arrived() == SIGHUP;
}

void trap_forget_interrupt(void) {
    if (!commands[SIGINT])
        signal_take(SIGINT);
}

int trap_run_exit(int status) {
    char *command = commands[0];

    commands[0] = NULL;
    shell.status = status;
    shell.unwind = UNWIND_NONE;
    if (command)
        run_command(command);
    free(command);
    return shell.unwind == UNWIND_ABORT ? 2 : status;
}

/* COMMAND NULL takes the trap away. */
static bool trap_set(int sig, const char *command) {
    int error = 0;

    if (sig > 0 && !command)
        error = signal_untrapped(sig);
    else if (sig > 0)
        error = *command ? signal_catch(sig) : signal_ignore(sig);
    if (error) {
        shell_error("trap: %d: %s", sig, strerror(errno));
        return false;
    }
    free(commands[sig]);
    commands[sig] = command ? xstrdup(command) : NULL;
    return true;
}

static void traps_print(void) {
    for (int sig = 0; sig < SIGNALS; sig++) {
        if (!commands[sig])
            continue;
        out_str("trap -- ");
        out_quoted(commands[sig]);
        if (sig == 0)
            out_str(" EXIT\n");
        else if (signal_to_name(sig))
            out_format(" %s\n", signal_to_name(sig));
        else
            out_format(" %d\n", sig);
    }
}

int builtin_trap(int argc, char **argv) {
    int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
    const char *command = NULL;
    int status = 0;

    if (argc <= first) {
        traps_print();
        return 0;
    }
    /* A lone condition, or a number first, means: take the traps away. */
    if (argc > first + 1 && !isdigit((unsigned char)*argv[first])) {
        command = strcmp(argv[first], "-") == 0 ? NULL : argv[first];
        first++;
    }
    for (int i = first; i < argc; i++) {
        int sig = strcasecmp(argv[i], "EXIT") == 0 ? 0 : signal_from_name(argv[i]);

        if (sig < 0)
            shell_error("trap: %s: no such signal", argv[i]);
        if (sig < 0 || !trap_set(sig, command))
            status = 1;
    }
    return status;
}
