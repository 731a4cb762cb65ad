#include "kernel.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "../common/slurp.h"

#define CONTROL "/proc/sched"
#define TRACE "/proc/sched_trace"
#define RECORDS 16384           /* of each hart; a quantum of 1 ms for 15 s */
#define HARTS_MAX 64

static void control(const char *command) {
    int fd = open(CONTROL, O_WRONLY);
    if (fd < 0 || write(fd, command, strlen(command)) < 0)
        cmd_die_errno("%s: %s", CONTROL, command);
    close(fd);
}

/* The line "policy: [rr] mlfq fair" in words. */
struct schedulers schedulers_read(void) {
    struct schedulers schedulers = { 0 };
    char *text = file_slurp_require(CONTROL);
    schedulers.quantum = text_number(text, "quantum:");
    char *words = text + strcspn(text, ":") + 1;
    words[strcspn(words, "\n")] = '\0';
    schedulers.names = cmd_alloc((strlen(words) + 1) * sizeof(*schedulers.names));
    for (char *word; (word = strsep(&words, " "));) {
        bool active = *word == '[';
        if (!*word)
            continue;
        char *name = cmd_strdup(word + active);
        name[strcspn(name, "]")] = '\0';
        schedulers.names[schedulers.count++] = name;
        if (active)
            schedulers.active = name;
    }
    free(text);
    if (!schedulers.active)
        cmd_die("%s does not say which policy is in force", CONTROL);
    return schedulers;
}

void scheduler_choose(const char *name) {
    char command[64];
    snprintf(command, sizeof(command), "policy %s", name);
    control(command);
}

void quantum_choose(usec quantum) {
    char command[64];
    snprintf(command, sizeof(command), "quantum %lldus", quantum);
    control(command);
}

void trace_start(void) {
    char command[32];
    snprintf(command, sizeof(command), "trace %d", RECORDS);
    control(command);
}

/* --- the trace: "TIME HART OUT IN REASON", hart after hart --- */

struct record {
    long long time;
    int hart, out, in;
    char reason[16];
};

static bool is_switch(const struct record *record) {
    return strcmp(record->reason, "wake") != 0 && strcmp(record->reason, "new") != 0;
}

static bool record_parse(const char *line, struct record *record) {
    return sscanf(line, "%lld %d %d %d %15s", &record->time, &record->hart, &record->out, &record->in,
                  record->reason) == 5 && record->hart >= 0 && record->hart < HARTS_MAX;
}

struct stretch *trace_stop(size_t *count) {
    control("trace stop");
    char *text = file_slurp_require(TRACE), *rest = text, *line;
    control("trace 0");
    size_t lines = 1;
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        lines++;
    struct stretch *stretches = cmd_alloc(lines * sizeof(*stretches));
    struct record last[HARTS_MAX] = { 0 }, record;
    *count = 0;
    while ((line = strsep(&rest, "\n"))) {
        const char *lost = strstr(line, "(lost ");
        if (lost && atoi(lost + 6))
            cmd_die("it took too long: the kernel's trace has lost %d switches", atoi(lost + 6));
        if (!record_parse(line, &record) || !is_switch(&record))
            continue;
        struct record *before = &last[record.hart];
        if (before->in == record.out && before->time)
            stretches[(*count)++] =
                (struct stretch){ record.out, record.hart, before->time, record.time };
        *before = record;
    }
    free(text);
    return stretches;
}
