#include "process.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "slurp.h"
#include "tree.h"

/* Fields of /proc/PID/stat (proc(5)). */
enum {
    STATE = 3, PARENT, GROUP, SESSION, TERMINAL, FOREGROUND, USER = 14, SYSTEM, PRIORITY = 18, NICE,
    THREADS, START = 22, SIZE, RESIDENT, PROCESSOR = 39, FIELDS,
};

static bool stat_parse(char *text, struct process *p) {
    char *open = strchr(text, '('), *close = strrchr(text, ')'), *rest;
    const char *field[FIELDS];
    if (open == NULL || close == NULL)
        return false;
    *close = '\0';
    snprintf(p->name, sizeof(p->name), "%s", open + 1);
    rest = close + 1;
    for (int i = STATE; i < FIELDS; i++) {
        field[i] = strtok_r(i == STATE ? rest : NULL, " \n", &rest);
        if (field[i] == NULL)
            return false;
    }
    p->tid = atoi(text);
    p->state = *field[STATE];
    p->parent = atoi(field[PARENT]);
    p->group = atoi(field[GROUP]);
    p->session = atoi(field[SESSION]);
    p->terminal = strtoul(field[TERMINAL], NULL, 10);
    p->foreground = atoi(field[FOREGROUND]);
    p->user = strtoull(field[USER], NULL, 10);
    p->system = strtoull(field[SYSTEM], NULL, 10);
    p->priority = atol(field[PRIORITY]);
    p->nice = atol(field[NICE]);
    p->threads = atol(field[THREADS]);
    p->start = strtoull(field[START], NULL, 10);
    p->size = strtoull(field[SIZE], NULL, 10) / 1024;
    p->resident = strtoull(field[RESIDENT], NULL, 10) * 4;
    p->processor = atol(field[PROCESSOR]);
    return true;
}

/* A file of the process's directory; NULL when it has gone. */
static char *file_of(const char *directory, const char *name, size_t *length) {
    char path[80];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    return file_slurp(path, length);
}

/* The state in words and the user are in status alone: "State:\tS (waiting)", "Uid:\t0...". */
static bool status_read(const char *directory, struct process *p) {
    char *text = file_of(directory, "status", NULL);
    const char *state = text ? strstr(text, "\nState:\t") : NULL;
    if (state)
        sscanf(state, "\nState: %*c (%11[a-z]", p->state_name);
    if (text)
        p->uid = text_number(text, "Uid");
    free(text);
    return state;
}

static void wait_read(const char *directory, struct process *p) {
    char *text = file_of(directory, "wchan", NULL);
    bool waits = text && *text && strcmp(text, "0") != 0;
    snprintf(p->waits_for, sizeof(p->waits_for), "%s", waits ? text : "-");
    free(text);
}

/* The words with blanks for the zeros between them; of a zombie they are gone. */
static char *command_read(const char *directory, const char *name, bool zombie) {
    size_t length = 0;
    char *text = file_of(directory, "cmdline", &length);
    if (text && length > 0) {
        for (size_t i = 0; i + 1 < length; i++)
            if (text[i] == '\0')
                text[i] = ' ';
        return text;
    }
    free(text);
    text = cmd_alloc(strlen(name) + 16);
    sprintf(text, zombie ? "[%s] <defunct>" : "[%s]", name);
    return text;
}

struct list {
    struct process *at;
    size_t count, room;
};

static void add(struct list *list, int pid, const char *directory, const char *command_from) {
    struct process p = { .pid = pid };
    char *text = file_of(directory, "stat", NULL);
    bool there = text && stat_parse(text, &p) && status_read(directory, &p);
    free(text);
    if (!there)
        return;                 /* it ended meanwhile */
    wait_read(directory, &p);
    p.command = command_read(command_from, p.name, p.state == 'Z');
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 64;
        list->at = cmd_realloc(list->at, list->room * sizeof(*list->at));
    }
    list->at[list->count++] = p;
}

static int compare(const void *a, const void *b) {
    const struct process *left = a, *right = b;
    return left->pid != right->pid ? (left->pid > right->pid) - (left->pid < right->pid)
                                   : (left->tid > right->tid) - (left->tid < right->tid);
}

static void add_threads(struct list *list, const char *pid) {
    char directory[40], path[64], process[32];
    snprintf(process, sizeof(process), "/proc/%s", pid);
    snprintf(directory, sizeof(directory), "%s/task", process);
    char **names = directory_names(directory);
    for (char **name = names; name && *name; name++) {
        snprintf(path, sizeof(path), "%s/%s", directory, *name);
        add(list, atoi(pid), path, process);
    }
    if (names)
        directory_names_free(names);
}

struct process *processes_read(size_t *count, bool threads) {
    struct list list = { NULL, 0, 0 };
    char **names = directory_names("/proc"), directory[32];
    if (names == NULL)
        cmd_die_errno("/proc");
    for (char **name = names; *name; name++) {
        if (!isdigit((unsigned char)**name))
            continue;
        snprintf(directory, sizeof(directory), "/proc/%s", *name);
        if (threads)
            add_threads(&list, *name);
        else
            add(&list, atoi(*name), directory, directory);
    }
    directory_names_free(names);
    qsort(list.at, list.count, sizeof(*list.at), compare);
    *count = list.count;
    return list.at;
}

void processes_free(struct process *processes, size_t count) {
    for (size_t i = 0; i < count; i++)
        free(processes[i].command);
    free(processes);
}

const char *terminal_name(unsigned terminal) {
    static char name[24];
    unsigned major = terminal >> 8 & 0xfff, minor = (terminal & 0xff) | (terminal >> 12 & 0xfff00);
    if (terminal == 0)
        return "?";
    if (major == 4)
        snprintf(name, sizeof(name), minor >= 64 ? "ttyS%u" : "tty%u",
                 minor >= 64 ? minor - 64 : minor);
    else if (major == 136)
        snprintf(name, sizeof(name), "pts/%u", minor);
    else
        snprintf(name, sizeof(name), "%u:%u", major, minor);
    return name;
}
