/* id [-u | -g] [-n]: who the process is. */
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/users.h"

static void groups_print(void) {
    int count = getgroups(0, NULL);
    if (count <= 0)
        return;
    gid_t *groups = cmd_alloc(count * sizeof(*groups));
    count = getgroups(count, groups);
    for (int i = 0; i < count; i++)
        printf("%s%u(%s)", i ? "," : " groups=", groups[i], group_name(groups[i]));
}

int main(int argc, char **argv) {
    bool user = false, group = false, name = false;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "ugn")) != -1) {
        if (option == '?')
            cmd_usage("[-u | -g] [-n]");
        user |= option == 'u';
        group |= option == 'g';
        name |= option == 'n';
    }
    if ((user && group) || (name && !user && !group) || optind < argc)
        cmd_usage("[-u | -g] [-n]");
    unsigned uid = geteuid(), gid = getegid();
    if (!user && !group) {
        printf("uid=%u(%s) ", getuid(), user_name(getuid()));
        printf("gid=%u(%s)", getgid(), group_name(getgid()));
        groups_print();
        putchar('\n');
    } else if (name) {
        puts(user ? user_name(uid) : group_name(gid));
    } else {
        printf("%u\n", user ? uid : gid);
    }
    return cmd_end(0);
}
