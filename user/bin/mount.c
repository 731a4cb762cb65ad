/* mount [[-r] [-t TYPE] [-o OPTION,...] SOURCE TARGET]: mounts a file system, or shows what is. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/mounts.h"

#define USAGE "[[-r] [-t TYPE] [-o OPTION,...] SOURCE TARGET]"

static unsigned long flags;
static char *data;              /* the options that are the file system's own */

static const struct mount_option {
    const char *name;
    unsigned long set, clear;
} mount_options[] = {
    { "ro", MS_RDONLY, 0 },          { "rw", 0, MS_RDONLY },
    { "remount", MS_REMOUNT, 0 },    { "bind", MS_BIND, 0 },
    { "nosuid", MS_NOSUID, 0 },      { "suid", 0, MS_NOSUID },
    { "nodev", MS_NODEV, 0 },        { "dev", 0, MS_NODEV },
    { "noexec", MS_NOEXEC, 0 },      { "exec", 0, MS_NOEXEC },
    { "sync", MS_SYNCHRONOUS, 0 },   { "async", 0, MS_SYNCHRONOUS },
    { "noatime", MS_NOATIME, 0 },    { "relatime", MS_RELATIME, 0 },
    { "defaults", 0, 0 },
};

static void data_add(const char *option) {
    size_t old = data ? strlen(data) + 1 : 0;
    data = cmd_realloc(data, old + strlen(option) + 1);
    if (old)
        data[old - 1] = ',';
    strcpy(data + old, option);
}

static void options_take(const char *text) {
    char *copy = cmd_strdup(text), *rest = NULL;
    for (char *word = strtok_r(copy, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
        size_t i = 0, count = sizeof(mount_options) / sizeof(mount_options[0]);
        while (i < count && strcmp(mount_options[i].name, word) != 0)
            i++;
        if (i == count) {
            data_add(word);
            continue;
        }
        flags = (flags | mount_options[i].set) & ~mount_options[i].clear;
    }
    free(copy);
}

static void line_print(const struct mount_line *line, void *context) {
    (void)context;
    printf("%s on %s type %s (%s)\n", line->source, line->target, line->type, line->options);
}

/* Without -t: the first type that a disk can have and that finds itself at home there. */
static int mount_guess(const char *source, const char *target) {
    FILE *types = fopen("/proc/filesystems", "r");
    char line[64];
    int result = -1;
    errno = ENODEV;
    while (types && result < 0 && (errno == ENODEV || errno == EINVAL) &&
           fgets(line, sizeof(line), types)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\t')     /* else it begins with "nodev": no disk has it */
            result = mount(source, target, line + 1, flags, data);
    }
    int error = errno;
    if (types)
        fclose(types);
    errno = error;
    return result;
}

int main(int argc, char **argv) {
    const char *type = NULL;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "rwt:o:")) != -1) {
        switch (option) {
        case 'r': flags |= MS_RDONLY; break;
        case 'w': flags &= ~(unsigned long)MS_RDONLY; break;
        case 't': type = optarg; break;
        case 'o': options_take(optarg); break;
        default: cmd_usage(USAGE);
        }
    }
    int count = argc - optind;
    if (count == 0) {
        if (!mounts_each(line_print, NULL))
            cmd_die_errno("the kernel shows no mount table");
        return cmd_end(cmd_status);
    }
    /* A remount needs no source: it is there already. */
    if (count > 2 || (count == 1 && !(flags & MS_REMOUNT)))
        cmd_usage(USAGE);
    const char *target = argv[argc - 1], *source = count == 2 ? argv[optind] : "none";
    bool guess = type == NULL && !(flags & (MS_REMOUNT | MS_BIND));
    if ((guess ? mount_guess(source, target) : mount(source, target, type, flags, data)) < 0)
        cmd_die_errno("cannot mount '%s' on '%s'", source, target);
    return 0;
}
