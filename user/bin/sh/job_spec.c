/* What one calls a job: %1, %+, %-, %text, %?text. */
#include "builtins.h"
#include "job_table.h"

#include <string.h>

/* Of the jobs that the user knows: the stopped ones come first, and each kind in the order in which
 * they were started or stopped, the last one first. */
static struct job *job_ranked(int rank) {
    for (int stopped = 1; stopped >= 0; stopped--) {
        for (struct job *job = jobs_known(); job; job = job->next) {
            if (job->id && (job_stopped(job) != 0) == stopped && rank-- == 0)
                return job;
        }
    }
    return NULL;
}

char job_mark(const struct job *job) {
    if (job == job_ranked(0))
        return '+';
    return job == job_ranked(1) ? '-' : ' ';
}

static bool text_matches(const struct job *job, const char *text) {
    if (*text == '?')
        return strstr(job->text, text + 1) != NULL;
    return strncmp(job->text, text, strlen(text)) == 0;
}

static struct job *find_by_text(const char *text, bool *ambiguous) {
    struct job *found = NULL;

    for (struct job *job = jobs_known(); job; job = job->next) {
        if (!job->id || !text_matches(job, text))
            continue;
        *ambiguous = found != NULL;
        if (found)
            return NULL;
        found = job;
    }
    return found;
}

struct job *job_find(const char *spec, const char *who) {
    const char *text = *spec == '%' ? spec + 1 : spec;
    bool ambiguous = false;
    struct job *job;
    long long id;

    if (*text == '\0' || strcmp(text, "+") == 0 || strcmp(text, "%") == 0)
        job = job_ranked(0);
    else if (strcmp(text, "-") == 0)
        job = job_ranked(1);
    else if (number_parse(text, &id))
        job = id > 0 ? job_with_id(jobs_known(), id) : NULL;
    else
        job = find_by_text(text, &ambiguous);
    if (!job)
        shell_error("%s: %s: %s", who, spec, ambiguous ? "several jobs" : "no such job");
    return job;
}
