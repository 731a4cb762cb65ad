/* What the user is told of jobs. */
#include "builtins.h"
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

void job_describe(const struct job *job, bool with_pid, struct strbuf *line) {
    const char *state = "Running", *suffix = " &";
    char head[96], number[16], pid[16] = "";

    if (job_has_ended(job))
        state = describe_end(job->processes->wait_status, number, sizeof(number));
    else if (job_stopped(job))
        state = strsignal(job_stopped(job));
    if (job_has_ended(job) || job_stopped(job))
        suffix = "";
    if (with_pid)
        snprintf(pid, sizeof(pid), "%d ", (int)job->group);
    snprintf(head, sizeof(head), "[%d]%c  %s%-11s ", job->id, job_mark(job), pid, state);
    strbuf_add_str(line, head);
    strbuf_add_str(line, job->text);
    strbuf_add_str(line, suffix);
    strbuf_add_char(line, '\n');
}

static void job_told(struct job *job) {
    job->changed = false;
    if (job_has_ended(job))
        job->id = 0; /* `wait` may still ask */
}

void jobs_notify(void) {
    struct strbuf lines = {0};
    int last = job_next_id(jobs);

    jobs_reap_all();
    for (int id = 1; id < last; id++) {
        struct job *job = job_with_id(jobs, id);

        if (job && job->changed)
            job_describe(job, false, &lines);
    }
    for (struct job *job = jobs; job; job = job->next) {
        if (job->id && job->changed)
            job_told(job);
    }
    if (lines.len > 0)
        job_message(&lines);
    strbuf_free(&lines);
}

static void job_print(const struct job *job, char form) {
    struct strbuf line = {0};

    if (form == 'p') {
        out_format("%d\n", (int)job->group);
        return;
    }
    job_describe(job, form == 'l', &line);
    out_str(line.text);
    strbuf_free(&line);
}

static void jobs_print(char form) {
    struct job *list = jobs_known();
    int last = job_next_id(list);

    for (int id = 1; id < last; id++) {
        struct job *job = job_with_id(list, id);

        if (job)
            job_print(job, form);
    }
    for (struct job *job = list; job; job = job->next) {
        if (job->id)
            job_told(job);
    }
}

int builtin_jobs(int argc, char **argv) {
    bool has_option = argc > 1 && argv[1][0] == '-';
    char form = has_option ? argv[1][1] : '\0';
    int status = 0;

    if (has_option && (!strchr("lp", form) || !form || argv[1][2])) {
        shell_error("jobs: usage: jobs [-l | -p] [%%job...]");
        return 2;
    }
    jobs_reap_all();
    if (argc == 1 + has_option)
        jobs_print(form);
    for (int i = 1 + has_option; i < argc; i++) {
        struct job *job = job_find(argv[i], "jobs");

        if (job)
            job_print(job, form);
        else
            status = 1;
    }
    return status;
}
