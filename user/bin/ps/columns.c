/* The columns that ps can show, by the names that POSIX and procps gave them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "../common/slurp.h"
#include "../common/users.h"
#include "ps.h"

#define TEXT 64
#define HUNDREDTHS 100

struct column {
    const char *name, *header;
    int width;                  /* negative: to the left */
    void (*show)(const struct process *p, char text[TEXT]);     /* NULL: the command line */
};

static struct {
    unsigned long long boot, uptime, memory;    /* seconds since 1970; hundredths; KiB */
} now;

static void now_read(void) {
    char *text = file_slurp_require("/proc/uptime");
    now.uptime = strtod(text, NULL) * HUNDREDTHS;
    free(text);
    text = file_slurp_require("/proc/stat");
    now.boot = text_number(text, "btime");
    free(text);
    text = file_slurp_require("/proc/meminfo");
    now.memory = text_number(text, "MemTotal");
    free(text);
}

static unsigned long long used(const struct process *p) { return p->user + p->system; }

/* Per mille of the time that it has lived. */
static unsigned long long share(const struct process *p) {
    unsigned long long age = now.uptime > p->start ? now.uptime - p->start : 1;
    return used(p) * 1000 / age;
}

#define COLUMN(name, ...)                                                           \
    static void show_##name(const struct process *p, char text[TEXT]) {             \
        snprintf(text, TEXT, __VA_ARGS__);                                          \
    }
COLUMN(pid, "%d", p->pid)
COLUMN(tid, "%d", p->tid)
COLUMN(ppid, "%d", p->parent)
COLUMN(pgid, "%d", p->group)
COLUMN(sid, "%d", p->session)
COLUMN(uid, "%u", p->uid)
COLUMN(user, "%s", user_name(p->uid))
COLUMN(tty, "%s", terminal_name(p->terminal))
COLUMN(letter, "%c", p->state)
COLUMN(state, "%s", p->state_name)
COLUMN(wait, "%s", p->waits_for)
COLUMN(comm, "%s", p->name)
COLUMN(priority, "%ld", p->priority)
COLUMN(nice, "%ld", p->nice)
COLUMN(threads, "%ld", p->threads)
COLUMN(processor, "%ld", p->processor)
COLUMN(size, "%llu", p->size)
COLUMN(pages, "%llu", p->size / 4)
COLUMN(resident, "%llu", p->resident)
COLUMN(c, "%llu", share(p) >= 990 ? 99 : share(p) / 10)
COLUMN(cpu, "%llu.%llu", share(p) / 10 % 1000, share(p) % 10)

/* Flags: none is known here. */
static void show_flags(const struct process *p, char text[TEXT]) {
    (void)p;
    strcpy(text, "0");
}

static void show_memory(const struct process *p, char text[TEXT]) {
    unsigned long long mille = now.memory ? p->resident * 1000 / now.memory : 0;
    snprintf(text, TEXT, "%llu.%llu", mille / 10, mille % 10);
}

/* The letter, and what else is to be said: < and N not nice and nice, s leads a session, l has threads,
 * + is in the foreground. */
static void show_stat(const struct process *p, char text[TEXT]) {
    snprintf(text, TEXT, "%c%s%s%s%s", p->state, p->nice < 0 ? "<" : p->nice > 0 ? "N" : "",
             p->session == p->pid ? "s" : "", p->threads > 1 ? "l" : "",
             p->terminal && p->foreground == p->group ? "+" : "");
}

static void show_time(const struct process *p, char text[TEXT]) {
    unsigned long long seconds = used(p) / HUNDREDTHS;
    snprintf(text, TEXT, "%02llu:%02llu:%02llu", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

static void show_bsd_time(const struct process *p, char text[TEXT]) {
    unsigned long long seconds = used(p) / HUNDREDTHS;
    snprintf(text, TEXT, "%llu:%02llu", seconds / 60, seconds % 60);
}

static void show_elapsed(const struct process *p, char text[TEXT]) {
    unsigned long long seconds = now.uptime > p->start ? (now.uptime - p->start) / HUNDREDTHS : 0;
    if (seconds >= 3600)
        snprintf(text, TEXT, "%02llu:%02llu:%02llu", seconds / 3600, seconds / 60 % 60,
                 seconds % 60);
    else
        snprintf(text, TEXT, "%02llu:%02llu", seconds / 60, seconds % 60);
}

/* When it began: today the time, else the day. */
static void show_start(const struct process *p, char text[TEXT]) {
    time_t start = now.boot + p->start / HUNDREDTHS, today = time(NULL);
    strftime(text, TEXT, today - start < 86400 ? "%H:%M" : "%b%d", gmtime(&start));
}

static const struct column columns[] = {
    { "pid", "PID", 5, show_pid },
    { "tid", "TID", 5, show_tid },
    { "lwp", "LWP", 5, show_tid },
    { "spid", "SPID", 5, show_tid },
    { "ppid", "PPID", 5, show_ppid },
    { "pgid", "PGID", 5, show_pgid },
    { "pgrp", "PGRP", 5, show_pgid },
    { "sid", "SID", 5, show_sid },
    { "sess", "SESS", 5, show_sid },
    { "uid", "UID", 5, show_uid },
    { "user", "USER", -8, show_user },
    { "uname", "USER", -8, show_user },
    { "f.user", "UID", -8, show_user },
    { "tty", "TTY", -7, show_tty },
    { "tt", "TT", -7, show_tty },
    { "s", "S", 1, show_letter },
    { "stat", "STAT", -4, show_stat },
    { "state", "STATE", -7, show_state },
    { "wait", "WAITS-FOR", -14, show_wait },
    { "wchan", "WCHAN", -14, show_wait },
    { "time", "TIME", 8, show_time },
    { "cputime", "TIME", 8, show_time },
    { "bsdtime", "TIME", 6, show_bsd_time },
    { "etime", "ELAPSED", 11, show_elapsed },
    { "stime", "STIME", 5, show_start },
    { "start", "START", 5, show_start },
    { "lstart", "STARTED", 5, show_start },
    { "c", "C", 2, show_c },
    { "pcpu", "%CPU", 4, show_cpu },
    { "%cpu", "%CPU", 4, show_cpu },
    { "pmem", "%MEM", 4, show_memory },
    { "%mem", "%MEM", 4, show_memory },
    { "vsz", "VSZ", 7, show_size },
    { "vsize", "VSZ", 7, show_size },
    { "sz", "SZ", 6, show_pages },
    { "rss", "RSS", 6, show_resident },
    { "pri", "PRI", 3, show_priority },
    { "ni", "NI", 3, show_nice },
    { "nice", "NI", 3, show_nice },
    { "nlwp", "NLWP", 4, show_threads },
    { "thcount", "THCNT", 5, show_threads },
    { "psr", "PSR", 3, show_processor },
    { "f", "F", 1, show_flags },
    { "comm", "COMMAND", -15, show_comm },
    { "ucmd", "CMD", -15, show_comm },
    { "args", "COMMAND", -27, NULL },
    { "command", "COMMAND", -27, NULL },
    { "cmd", "CMD", -27, NULL },
};

static const struct column *column_find(const char *name) {
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        if (strcasecmp(columns[i].name, name) == 0)
            return &columns[i];
    cmd_die("unknown column: '%s'", name);
}

void columns_add(struct layout *layout, const char *list) {
    char *words = cmd_strdup(list), *rest = words, *word;
    if (now.uptime == 0)
        now_read();
    while ((word = strsep(&rest, ","))) {
        char *header = strchr(word, '=');
        if (header)
            *header++ = '\0';
        if (*word == '\0')
            continue;
        if (layout->count == COLUMNS_MAX)
            cmd_die("too many columns");
        const struct column *column = column_find(word);
        layout->columns[layout->count++] =
            (struct chosen){ column, header ? header : column->header };
    }
}

static int width_of(const struct chosen *chosen) {
    int width = chosen->column->width, header = strlen(chosen->header);
    return width < 0 ? (-width < header ? -header : width) : (width < header ? header : width);
}

/* The last column has no blanks behind it. */
static void cell_print(const struct layout *layout, size_t i, const char *text) {
    int width = width_of(&layout->columns[i]);
    bool last = i + 1 == layout->count;
    if (last && width < 0)
        puts(text);
    else
        printf("%*s%s", width, text, last ? "\n" : " ");
}

void header_print(const struct layout *layout) {
    bool any = false;
    for (size_t i = 0; i < layout->count; i++)
        any |= *layout->columns[i].header;
    for (size_t i = 0; any && i < layout->count; i++)
        cell_print(layout, i, layout->columns[i].header);
}

void row_print(const struct layout *layout, const struct process *process) {
    for (size_t i = 0; i < layout->count; i++) {
        char text[TEXT];
        const struct column *column = layout->columns[i].column;
        if (column->show)
            column->show(process, text);
        cell_print(layout, i, column->show ? text : process->command);
    }
}
