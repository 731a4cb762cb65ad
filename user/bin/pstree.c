/* pstree [-p] [PID]: the processes as the tree of who made whom. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"
#include "common/process.h"

static struct process *processes;
static size_t count;
static bool with_pids;

/* What stands before each line: blanks, and bars where a brother is still to come. */
struct prefix {
    char text[1024];
    size_t length;
};

static void prefix_add(struct prefix *prefix, const char *name, const char *join) {
    size_t room = sizeof(prefix->text) - 1 - prefix->length, wide = strlen(name);
    if (wide + strlen(join) > room)
        return;                 /* too deep for any screen */
    memset(prefix->text + prefix->length, ' ', wide);
    prefix->length += wide;
    prefix->length += sprintf(prefix->text + prefix->length, "%s", join);
}

static size_t next_child(int parent, size_t from) {
    while (from < count && processes[from].parent != parent)
        from++;
    return from;
}

/* A process and those below it; the line has been begun up to where its name stands. */
static void tree_print(const struct process *p, const struct prefix *before) {
    char name[40];
    snprintf(name, sizeof(name), with_pids ? "%s(%d)" : "%s", p->name, p->pid);
    fputs(name, stdout);
    size_t child = next_child(p->pid, 0);
    if (child == count) {
        putchar('\n');
        return;
    }
    bool first = true;
    while (child < count) {
        size_t next = next_child(p->pid, child + 1);
        bool last = next == count;
        struct prefix below = *before;
        prefix_add(&below, name, last ? "   " : " | ");
        if (first)
            fputs(last ? "---" : "-+-", stdout);
        else
            printf("%s%*s %c-", before->text, (int)strlen(name), "", last ? '`' : '|');
        tree_print(&processes[child], &below);
        first = false;
        child = next;
    }
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "p")) != -1) {
        if (option != 'p')
            cmd_usage("[-p] [PID]");
        with_pids = true;
    }
    if (argc - optind > 1)
        cmd_usage("[-p] [PID]");
    int root = optind < argc ? (int)number_require(argv[optind], "process") : 1;
    processes = processes_read(&count, false);
    const struct prefix nothing = { "", 0 };
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        if (processes[i].pid != root)
            continue;
        tree_print(&processes[i], &nothing);
        found = true;
    }
    if (!found)
        cmd_warn("%d: no such process", root);
    processes_free(processes, count);
    return cmd_end(cmd_status);
}
