/*
 * A workload as a text file:
 *
 *     # name  arrival  burst [I/O burst]... [xTIMES] [nice=N]      in milliseconds
 *     hog     0        100
 *     typist  0        2 18 x6
 *
 * Bursts of the CPU and of I/O take turns; with xTIMES all of them come so often.
 */
#include "schedplot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/cmd.h"
#include "../common/number.h"
#include "../common/slurp.h"

#define JOBS_MAX 64             /* a chart has to fit on a screen */
#define BURSTS_MAX 10000
#define SPAN_MAX (600 * 1000 * MS)

static const char *source;      /* for messages */
static int line_number;

static void bad(const char *what, const char *word) {
    cmd_die("%s:%d: %s: '%s'", source, line_number, what, word);
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == ',' || c == '\r'; }

/* Cuts the next word off, NULL at the end of the line. */
static char *word_take(char **rest) {
    char *word = *rest;
    while (blank(*word))
        word++;
    if (!*word)
        return NULL;
    char *end = word;
    while (*end && !blank(*end))
        end++;
    *rest = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

/* Milliseconds, with as much of a fraction as microseconds hold. */
static usec time_parse(const char *word, const char *what) {
    char *end;
    double ms = word ? strtod(word, &end) : 0;
    if (!word || end == word || *end || !(ms >= 0) || ms * MS > SPAN_MAX)
        bad(what, word ? word : "");
    return (usec)(ms * MS + 0.5);
}

static long long count_parse(const char *word, long long least, long long most, const char *what) {
    long long number;
    if (!number_parse(word, &number) || number < least || number > most)
        bad(what, word);
    return number;
}

/* Bursts arrive one number at a time: CPU, I/O, CPU... */
static void number_add(struct job *job, bool io, usec length) {
    if (job->burst_count == BURSTS_MAX)
        bad("too many bursts", job->name);
    if (io) {
        job->bursts[job->burst_count - 1].io = length;
        return;
    }
    job->bursts = cmd_realloc(job->bursts, (job->burst_count + 1) * sizeof(*job->bursts));
    job->bursts[job->burst_count++] = (struct burst){ .cpu = length };
}

static void bursts_repeat(struct job *job, long long times) {
    size_t once = job->burst_count;
    if ((long long)once * times > BURSTS_MAX)
        bad("too many bursts", job->name);
    for (long long i = 1; i < times; i++) {
        for (size_t k = 0; k < once; k++) {
            struct burst burst = job->bursts[k];
            number_add(job, false, burst.cpu);
            job->bursts[job->burst_count - 1].io = burst.io;
        }
    }
}

/* A job ends with its last burst: nobody waits for I/O behind that. */
static void job_finish(struct job *job, long long times) {
    if (!job->burst_count)
        bad("no burst", job->name);
    bursts_repeat(job, times);
    job->bursts[job->burst_count - 1].io = 0;
    for (size_t i = 0; i < job->burst_count; i++)
        if (!job->bursts[i].cpu)
            bad("a burst without length", job->name);
}

static struct job job_parse(char *line) {
    struct job job = { 0 };
    long long times = 1;
    bool io = false;
    char *word = word_take(&line);
    if (strlen(word) >= sizeof(job.name))
        bad("the name is too long", word);
    strcpy(job.name, word);
    job.arrival = time_parse(word_take(&line), "not a time of arrival");
    while ((word = word_take(&line))) {
        if (*word == 'x') {
            times = count_parse(word + 1, 1, BURSTS_MAX, "not a number of times");
        } else if (strncmp(word, "nice=", 5) == 0) {
            job.nice = (int)count_parse(word + 5, -20, 19, "not a nice value");
        } else {
            number_add(&job, io, time_parse(word, "not a length in milliseconds"));
            io = !io;
        }
    }
    job_finish(&job, times);
    return job;
}

static struct workload workload_parse(char *text) {
    struct workload workload = { 0 };
    workload.jobs = cmd_alloc(JOBS_MAX * sizeof(*workload.jobs));
    line_number = 0;
    while (text) {
        char *line = strsep(&text, "\n");
        line_number++;
        line[strcspn(line, "#")] = '\0';
        line += strspn(line, " \t\r");
        if (!*line)
            continue;
        if (workload.count == JOBS_MAX)
            bad("too many jobs", line);
        workload.jobs[workload.count++] = job_parse(line);
    }
    if (!workload.count)
        cmd_die("%s: no job", source);
    return workload;
}

struct workload workload_default(void) {
    char text[] = "hog     0   100\n"
                  "typist  0   2 18 x6\n"
                  "disk    0   6 12 x5\n"
                  "late    40  40\n";
    source = "default";
    return workload_parse(text);
}

struct workload workload_read(const char *path) {
    char *text = file_slurp_require(path);
    source = path;
    struct workload workload = workload_parse(text);
    free(text);
    return workload;
}
