/* What the user is told of jobs. */
#include "job_table.h"
#include "out.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *describe_end(int wait_status, char *buffer, size_t size) {
    if (WIFSIGNALED(wait_status))
        return strsignal(WTERMSIG(wait_status));
    if (WEXITSTATUS(wait_status) == 0)
        return "Done";
    snprintf(buffer, size, "Exit %d", WEXITSTATUS(wait_status));
    return buffer;
}

void job_message(const struct strbuf *message) {
    (void)!write(STDERR_FILENO, message->text, message->len);
}

void job_describe(const struct job *job, struct strbuf *line) {
    const char *state = "Running";
    char head[32], number[16];

    if (job_stopped(job))
        state = "Stopped";
    else if (job_has_ended(job))
        state = describe_end(job->processes->wait_status, number, sizeof(number));
    snprintf(head, sizeof(head), "[%d] ", job->id);
    strbuf_add_str(line, head);
    strbuf_add_str(line, state);
    strbuf_add_str(line, "  ");
    strbuf_add_str(line, job->text);
    strbuf_add_char(line, '\n');
}

static struct job *job_with_id(struct job *job, int id) {
    while (job && job->id != id)
        job = job->next;
    return job;
}

void jobs_notify(void) {
    int last = job_next_id(jobs);

    while (job_reap(WNOHANG))
        ;
    for (int id = 1; id < last; id++) {
        struct job *job = job_with_id(jobs, id);
        struct strbuf line = {0};

        if (!job || !job_has_ended(job))
            continue;
        job_describe(job, &line);
        job_message(&line);
        strbuf_free(&line);
        job->id = 0; /* `wait` may still ask */
    }
}

void jobs_print(bool pids_only) {
    struct job *list = jobs || !outer_jobs ? jobs : outer_jobs;
    int last = job_next_id(list);

    while (job_reap(WNOHANG))
        ;
    for (int id = 1; id < last; id++) {
        struct job *job = job_with_id(list, id);
        struct strbuf line = {0};
        char pid[16];

        if (!job)
            continue;
        snprintf(pid, sizeof(pid), "%d\n", (int)job->group);
        if (pids_only)
            strbuf_add_str(&line, pid);
        else
            job_describe(job, &line);
        out_str(line.text);
        strbuf_free(&line);
        if (job_has_ended(job))
            job->id = 0;
    }
}

pid_t job_pid(int id) {
    struct job *job = id > 0 ? job_with_id(jobs, id) : NULL;

    return job ? job->group : 0;
}

