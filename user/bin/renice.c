/* renice [-n] N [-p | -g | -u] ID...: changes how nice processes, groups, or users' processes are. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "common/cmd.h"
#include "common/number.h"
#include "common/users.h"

#define USAGE "[-n] N [-p | -g | -u] ID..."

static void change(int which, const char *text, long long nice) {
    unsigned user;
    long long id;
    if (which == PRIO_USER && user_find(text, &user))
        id = user;
    else
        id = number_require(text, "id");
    errno = 0;
    int old = getpriority(which, (id_t)id);
    if (errno != 0 || setpriority(which, (id_t)id, (int)nice) < 0)
        cmd_warn_errno("%s", text);
    else
        printf("%s: was %d, is %d\n", text, old, getpriority(which, (id_t)id));
}

int main(int argc, char **argv) {
    int which = PRIO_PROCESS, i = 1;
    cmd_begin(argv, 1);
    if (i < argc && strcmp(argv[i], "-n") == 0)
        i++;
    if (argc - i < 2)
        cmd_usage(USAGE);
    /* By hand: -5 is no option letter. */
    long long nice = number_require(argv[i++], "niceness");
    for (; i < argc; i++) {
        if (strcmp(argv[i], "-p") == 0)
            which = PRIO_PROCESS;
        else if (strcmp(argv[i], "-g") == 0)
            which = PRIO_PGRP;
        else if (strcmp(argv[i], "-u") == 0)
            which = PRIO_USER;
        else
            change(which, argv[i], nice);
    }
    return cmd_end(cmd_status);
}
