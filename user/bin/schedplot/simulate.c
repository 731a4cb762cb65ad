/*
 * The schedulers of textbooks (OSTEP, chapter 7), on one CPU and without any cost of switching. Each
 * burst of the CPU is what they call a job: it comes when the I/O before it is done.
 */
#include "schedplot.h"

#include <stdlib.h>
#include <string.h>

#include "../common/cmd.h"

#define NEVER (1ll << 60)

struct task {
    const struct job *job;
    struct history *history;
    size_t burst;               /* that it is at; all of them: it has ended */
    usec left;                  /* of that burst */
    usec since;                 /* it is in its present state */
    usec ready_at;              /* its I/O ends, or it arrives; NEVER while it is ready */
    unsigned long turn;         /* its place in the queue */
};

struct rule {
    const char *name;
    usec (*key)(const struct task *task);       /* the smallest runs */
    bool preempts;                              /* a task that comes may take the CPU away */
    bool sliced;                                /* so may the end of a quantum */
};

static usec in_turn(const struct task *task) { return (usec)task->turn; }
static usec shortest(const struct task *task) { return task->left; }

static const struct rule rules[] = {
    { "FIFO", in_turn, false, false },  /* first in, first out */
    { "SJF", shortest, false, false },  /* shortest job first */
    { "STCF", shortest, true, false },  /* shortest time to completion first */
    { "RR", in_turn, false, true },     /* round robin */
};

static const struct rule *rule_find(const char *name) {
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if (strcmp(rules[i].name, name) == 0)
            return &rules[i];
    return NULL;
}

bool simulate_knows(const char *name) { return rule_find(name) != NULL; }

struct simulation {
    const struct rule *rule;
    struct task *tasks;
    size_t count;
    usec now;
    unsigned long turns;        /* given out so far */
    struct task *running;
    usec slice_end;
};

static bool is_ready(const struct task *task) {
    return task->ready_at == NEVER && task->burst < task->job->burst_count;
}

/* Those who come at the same time queue up in the order of the workload. */
static void admit(struct simulation *s) {
    for (size_t i = 0; i < s->count; i++) {
        struct task *task = &s->tasks[i];
        if (task->ready_at > s->now)
            continue;
        history_add(task->history, BLOCKED, task->since, s->now, 0);
        task->since = s->now;
        task->ready_at = NEVER;
        task->turn = ++s->turns;
    }
}

/* The running one keeps the CPU if it is as good as any. */
static struct task *pick(const struct simulation *s) {
    struct task *best = s->running;
    for (size_t i = 0; i < s->count; i++) {
        struct task *task = &s->tasks[i];
        if (!is_ready(task) || task == best)
            continue;
        usec difference = best ? s->rule->key(task) - s->rule->key(best) : -1;
        if (difference < 0 || (!difference && best != s->running && task->turn < best->turn))
            best = task;
    }
    return best;
}

static void switch_to(struct simulation *s, struct task *task, usec quantum) {
    if (s->running) {
        history_add(s->running->history, RUNNING, s->running->since, s->now, 0);
        s->running->since = s->now;
    }
    history_add(task->history, READY, task->since, s->now, 0);
    task->since = s->now;
    task->history->switches++;
    s->running = task;
    s->slice_end = s->rule->sliced ? s->now + quantum : NEVER;
}

static usec next_event(const struct simulation *s) {
    usec next = NEVER;
    for (size_t i = 0; i < s->count; i++)
        next = s->tasks[i].ready_at < next ? s->tasks[i].ready_at : next;
    if (s->running && s->now + s->running->left < next)
        next = s->now + s->running->left;
    return s->running && s->slice_end < next ? s->slice_end : next;
}

/* Its burst is over: it goes to its I/O, or it ends. */
static void burst_end(struct simulation *s) {
    struct task *task = s->running;
    usec io = task->job->bursts[task->burst++].io;
    bool ended = task->burst == task->job->burst_count;
    history_add(task->history, RUNNING, task->since, s->now, 0);
    task->since = s->now;
    task->left = ended ? 0 : task->job->bursts[task->burst].cpu;
    task->ready_at = ended ? NEVER : s->now + io;
    s->running = NULL;
}

/* Who is behind others in the queue goes to its end. One alone goes on, and nothing is to be seen. */
static void slice_end(struct simulation *s, usec quantum) {
    struct task *task = s->running;
    task->turn = ++s->turns;
    struct task *next = pick(s);
    if (next == task)
        s->slice_end = s->now + quantum;
    else
        switch_to(s, next, quantum);
}

/* What happens at one moment: a burst ends, then others come, then the CPU is given away. */
static void step(struct simulation *s, usec next, usec quantum) {
    if (s->running)
        s->running->left -= next - s->now;
    s->now = next;
    if (s->running && !s->running->left)
        burst_end(s);
    admit(s);
    if (s->running && s->now >= s->slice_end)
        slice_end(s, quantum);
    struct task *best = s->running && !s->rule->preempts ? s->running : pick(s);
    if (best && best != s->running)
        switch_to(s, best, quantum);
}

struct run simulate(const char *name, const struct workload *workload, usec quantum) {
    struct run run = run_create(name, workload);
    struct simulation s = { .rule = rule_find(name), .count = workload->count };
    run.simulated = true;
    run.quantum = s.rule->sliced ? quantum : 0;
    s.tasks = cmd_alloc(s.count * sizeof(*s.tasks));
    for (size_t i = 0; i < s.count; i++) {
        const struct job *job = &workload->jobs[i];
        s.tasks[i] = (struct task){ .job = job, .history = &run.histories[i],
                                    .left = job->bursts[0].cpu, .since = job->arrival,
                                    .ready_at = job->arrival };
    }
    for (usec next; (next = next_event(&s)) != NEVER;)
        step(&s, next, quantum);
    free(s.tasks);
    return run;
}
