/* df [-ahkP] [FILE]...: how full the mounted file systems are, in KiB. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/mounts.h"
#include "common/number.h"

static bool human, show_all;

static const char *amount_format(unsigned long long bytes, char text[SIZE_TEXT]) {
    if (human)
        return size_format(bytes, text);
    snprintf(text, SIZE_TEXT, "%llu", (bytes + 1023) / 1024);
    return text;
}

static void heading_print(void) {
    printf("%-16s %10s %10s %10s %5s %s\n", "Filesystem", human ? "Size" : "1K-blocks", "Used",
           human ? "Avail" : "Available", "Use%", "Mounted on");
}

/* The heading comes with the first line: a file that is not there has none. */
static void line_print(const char *source, const char *target, const struct statfs *fs) {
    char size[SIZE_TEXT], used_text[SIZE_TEXT], available[SIZE_TEXT], percent[8] = "-";
    unsigned long long unit = fs->f_bsize, used = fs->f_blocks - fs->f_bfree;
    static bool headed;
    if (!headed)
        heading_print();
    headed = true;
    unsigned long long reach = used + fs->f_bavail;     /* what an ordinary user can fill */
    if (reach > 0)
        snprintf(percent, sizeof(percent), "%llu%%", (used * 100 + reach - 1) / reach);
    printf("%-16s %10s %10s %10s %5s %s\n", source, amount_format(fs->f_blocks * unit, size),
           amount_format(used * unit, used_text), amount_format(fs->f_bavail * unit, available),
           percent, target);
}

static void mount_print(const struct mount_line *line, void *context) {
    (void)context;
    struct statfs fs;
    if (statfs(line->target, &fs) < 0)
        cmd_warn_errno("%s", line->target);
    else if (fs.f_blocks > 0 || show_all)
        line_print(line->source, line->target, &fs);
}

/* The mount that a file is on: the one whose root is on the same device. */
struct wanted {
    const char *path;
    dev_t device;
    bool found;
};

static void mount_match(const struct mount_line *line, void *context) {
    struct wanted *wanted = context;
    struct stat st;
    struct statfs fs;
    if (wanted->found || stat(line->target, &st) < 0 || st.st_dev != wanted->device)
        return;
    if (statfs(wanted->path, &fs) < 0)
        return;
    line_print(line->source, line->target, &fs);
    wanted->found = true;
}

static void file_print(const char *path) {
    struct stat st;
    struct statfs fs;
    if (stat(path, &st) < 0 || statfs(path, &fs) < 0) {
        cmd_warn_errno("%s", path);
        return;
    }
    struct wanted wanted = { .path = path, .device = st.st_dev };
    mounts_each(mount_match, &wanted);
    if (!wanted.found)
        line_print("-", path, &fs);
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "ahkP")) != -1) {
        switch (option) {
        case 'a': show_all = true; break;
        case 'h': human = true; break;
        case 'k': human = false; break;
        case 'P': break;                /* one line for each, which it is anyway */
        default: cmd_usage("[-ahkP] [FILE]...");
        }
    }
    if (optind == argc && !mounts_each(mount_print, NULL)) {
        /* A kernel without a mount table to read: what is certainly there. */
        file_print("/");
        file_print("/dev");
    }
    for (; optind < argc; optind++)
        file_print(argv[optind]);
    return cmd_end(cmd_status);
}
