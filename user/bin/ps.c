/* ps: the processes there are. It shows the kernel's own table, /proc/processes. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/reader.h"
#include "common/slurp.h"
#include "common/tree.h"
#include "common/users.h"

/* The command line with blanks for the zeros between its words, or NULL when there is none. */
static char *command_line(const char *pid) {
    char path[64];
    size_t length;
    snprintf(path, sizeof(path), "/proc/%s/cmdline", pid);
    char *text = file_slurp(path, &length);
    if (text == NULL || length == 0) {
        free(text);
        return NULL;
    }
    for (size_t i = 0; i + 1 < length; i++) {
        if (text[i] == '\0')
            text[i] = ' ';
    }
    return text;
}

/* The columns from field 3 of /proc/PID/stat on (proc(5)). */
enum { STATE = 3, PPID, GROUP, SESSION, UTIME = 14, STIME, RSS = 24, FIELDS };

static void process_print(const char *pid, unsigned uid, char *stat_text) {
    char *name = strchr(stat_text, '('), *end = strrchr(stat_text, ')');
    char *fields[FIELDS] = { NULL }, *rest = end ? end + 1 : NULL;
    if (name == NULL || rest == NULL)
        return;
    *end = '\0';
    for (int i = STATE; i < FIELDS; i++) {
        fields[i] = strtok_r(i == STATE ? rest : NULL, " ", &rest);
        if (fields[i] == NULL)
            return;
    }
    long ticks = sysconf(_SC_CLK_TCK), pages = atol(fields[RSS]);
    long seconds = (atol(fields[UTIME]) + atol(fields[STIME])) / (ticks > 0 ? ticks : 100);
    printf("%5s %5s %5s %-8s %s %7ldK %3ld:%02ld ", pid, fields[PPID], fields[GROUP],
           user_name(uid), fields[STATE], pages * (sysconf(_SC_PAGESIZE) / 1024), seconds / 60,
           seconds % 60);
    char *command = command_line(pid);
    if (command)
        puts(command);
    else
        printf("[%s]\n", name + 1);
    free(command);
}

static int pids_compare(const void *a, const void *b) {
    long left = atol(*(char *const *)a), right = atol(*(char *const *)b);
    return (left > right) - (left < right);
}

static void processes_print(char **names) {
    size_t count = 0;
    for (char **name = names; *name; name++) {
        if (isdigit((unsigned char)**name))
            names[count++] = *name;
    }
    qsort(names, count, sizeof(*names), pids_compare);
    puts("  PID  PPID  PGRP USER     S      RSS   TIME COMMAND");
    for (size_t i = 0; i < count; i++) {
        char path[64];
        size_t length;
        struct stat st;
        snprintf(path, sizeof(path), "/proc/%s/stat", names[i]);
        char *text = file_slurp(path, &length);
        if (text && stat(path, &st) == 0)
            process_print(names[i], st.st_uid, text);
        free(text);
    }
}

static void table_copy(struct reader *r) {
    struct line block;
    while (reader_block(r, &block))
        fwrite(block.text, 1, block.length, stdout);
}

int main(int argc, char **argv) {
    static char *table[] = { "/proc/processes", NULL };
    cmd_begin(argv, 1);
    /* "aux", "-ef" and the like choose a view of what is shown in full here anyway. */
    if (argc > 2)
        cmd_usage("");
    if (access("/proc/self/stat", R_OK) < 0) {
        reader_each(table, table_copy);
        return cmd_end(cmd_status);
    }
    char **names = directory_names("/proc");
    if (names == NULL)
        cmd_die_errno("/proc");
    processes_print(names);
    return cmd_end(cmd_status);
}
