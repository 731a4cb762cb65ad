/*
 * ps [-eAaflT] [-o COLUMNS]... [-p PIDS] [-u USERS] [-t TERMINALS] [aux]: the processes of this
 * terminal, or those that are asked for, with their states and what they wait for.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "../common/number.h"
#include "../common/users.h"
#include "ps.h"

#define USAGE "[-eAafl] [-T] [-o COLUMNS]... [-p PIDS] [-u USERS] [-t TERMINALS] [aux]"

static struct {
    bool all, others, no_terminal;      /* -e; a; x */
    bool threads;
    const char *pids, *users, *terminals;
} choice;

/* Is `word` one of a list that commas or blanks separate? */
static bool in_list(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = list; at && *at; at += strcspn(at, ", "), at += strspn(at, ", "))
        if (strncmp(at, word, length) == 0 && (at[length] == '\0' || strchr(", ", at[length])))
            return true;
    return false;
}

static bool wanted(const struct process *p, const struct process *self) {
    char number[24];
    if (choice.pids || choice.users || choice.terminals) {
        snprintf(number, sizeof(number), "%d", p->pid);
        if (in_list(choice.pids, number) || in_list(choice.users, user_name(p->uid)) ||
            in_list(choice.terminals, terminal_name(p->terminal)))
            return true;
        snprintf(number, sizeof(number), "%u", p->uid);
        return in_list(choice.users, number);
    }
    if (choice.all)
        return true;
    bool mine = choice.others || p->uid == self->uid;
    bool here =
        choice.no_terminal || (choice.others && p->terminal) || p->terminal == self->terminal;
    return mine && here;
}

/* Options without a dash, as BSD has them; a word of digits is a list of pids. */
static void words_parse(struct layout *layout, const char *words) {
    if (isdigit((unsigned char)*words)) {
        choice.pids = words;
        return;
    }
    for (; *words; words++) {
        switch (*words) {
        case 'a': choice.others = true; break;
        case 'x': choice.no_terminal = true; break;
        case 'u':
            columns_add(layout, "user,pid,%cpu,%mem,vsz,rss,tty,stat,start,bsdtime,args");
            break;
        case 'l':
            columns_add(layout, "f,uid,pid,ppid,pri,ni,vsz,rss,wchan,stat,tty,bsdtime,args");
            break;
        case 'j': columns_add(layout, "ppid,pid,pgid,sid,tty,stat,uid,bsdtime,args"); break;
        default: cmd_usage(USAGE);
        }
    }
}

static void options_parse(struct layout *layout, int argc, char **argv) {
    int option;
    while ((option = getopt(argc, argv, "eAaflTo:p:u:t:")) != -1) {
        switch (option) {
        case 'e': case 'A': choice.all = true; break;
        case 'a': choice.others = true; break;
        case 'f': columns_add(layout, "f.user,pid,ppid,c,stime,tty,time,cmd"); break;
        case 'l': columns_add(layout, "f,s,uid,pid,ppid,c,pri,ni,sz,wchan,tty,time,ucmd"); break;
        case 'T': choice.threads = true; break;
        case 'o': columns_add(layout, optarg); break;
        case 'p': choice.pids = optarg; break;
        case 'u': choice.users = optarg; break;
        case 't': choice.terminals = optarg; break;
        default: cmd_usage(USAGE);
        }
    }
    for (; optind < argc; optind++)
        words_parse(layout, argv[optind]);
}

int main(int argc, char **argv) {
    struct layout layout = { .count = 0 };
    cmd_begin(argv, 1);
    options_parse(&layout, argc, argv);
    if (layout.count == 0)
        columns_add(&layout, choice.threads ? "pid,spid,tty,state,wait,time,ucmd"
                                            : "pid,tty,state,wait,time,ucmd");
    size_t count;
    struct process *processes = processes_read(&count, choice.threads);
    struct process self = { 0 };
    for (size_t i = 0; i < count; i++)
        if (processes[i].pid == getpid())
            self = processes[i];
    header_print(&layout);
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (!wanted(&processes[i], &self))
            continue;
        row_print(&layout, &processes[i]);
        any = true;
    }
    processes_free(processes, count);
    return cmd_end(any ? cmd_status : 1);
}
