/* ls: how entries are shown: one a line, in columns, or long. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "../common/mode.h"
#include "../common/number.h"
#include "../common/resolve.h"
#include "../common/users.h"
#include "ls.h"

/* The ANSI attributes that people know from elsewhere. */
static const char *color_of(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFDIR: return "01;34";
    case S_IFLNK: return "01;36";
    case S_IFCHR: case S_IFBLK: return "01;33";
    case S_IFIFO: return "33";
    case S_IFSOCK: return "01;35";
    default: break;
    }
    if (mode & (S_ISUID | S_ISGID))
        return "37;41";
    return mode & 0111 ? "01;32" : NULL;
}

static char mark_of(mode_t mode) {
    if (S_ISDIR(mode))
        return '/';
    if (!options.marks)
        return '\0';
    if (S_ISLNK(mode))
        return '@';
    if (S_ISFIFO(mode))
        return '|';
    return S_ISREG(mode) && (mode & 0111) ? '*' : S_ISSOCK(mode) ? '=' : '\0';
}

/* On a terminal a name must not be able to move the cursor or ring the bell. */
static void name_print(const char *name, mode_t mode) {
    const char *color = options.color ? color_of(mode) : NULL;
    if (color)
        printf("\033[%sm", color);
    if (!options.terminal) {
        fputs(name, stdout);
    } else {
        for (const char *p = name; *p; p++)
            putchar(iscntrl((unsigned char)*p) ? '?' : *p);
    }
    if (color)
        fputs("\033[0m", stdout);
}

static void mark_print(mode_t mode) {
    char mark = options.marks || options.slash ? mark_of(mode) : '\0';
    if (mark)
        putchar(mark);
}

/* Columns as wide as their widest text. */
struct widths {
    int inode, blocks, links, user, group, size, major;
};

static int digits_of(unsigned long long value) {
    int count = 1;
    while (value >= 10) {
        value /= 10;
        count++;
    }
    return count;
}

static void widen(int *width, int needed) {
    if (needed > *width)
        *width = needed;
}

static const char *user_text(const struct entry *entry) {
    static char number[16];
    if (!options.numeric_ids)
        return user_name(entry->stat.st_uid);
    snprintf(number, sizeof(number), "%u", entry->stat.st_uid);
    return number;
}

static const char *group_text(const struct entry *entry) {
    static char number[16];
    if (!options.numeric_ids)
        return group_name(entry->stat.st_gid);
    snprintf(number, sizeof(number), "%u", entry->stat.st_gid);
    return number;
}

static const char *size_text(unsigned long long bytes) {
    static char text[SIZE_TEXT];
    if (options.human)
        return size_format(bytes, text);
    snprintf(text, sizeof(text), "%llu", bytes);
    return text;
}

static const char *blocks_text(unsigned long long blocks) {
    static char text[SIZE_TEXT];
    if (options.human)
        return size_format(blocks * 512, text);
    snprintf(text, sizeof(text), "%llu", (blocks + 1) / 2);
    return text;
}

static bool is_device(const struct entry *entry) {
    return S_ISCHR(entry->stat.st_mode) || S_ISBLK(entry->stat.st_mode);
}

static struct widths widths_measure(const struct listing *listing) {
    struct widths widths = { 0 };
    for (size_t i = 0; i < listing->count; i++) {
        const struct entry *entry = &listing->entries[i];
        widen(&widths.inode, digits_of(entry->stat.st_ino));
        widen(&widths.blocks, strlen(blocks_text(entry->stat.st_blocks)));
        if (options.layout != LAYOUT_LONG)
            continue;
        widen(&widths.links, digits_of(entry->stat.st_nlink));
        widen(&widths.user, strlen(user_text(entry)));
        widen(&widths.group, strlen(group_text(entry)));
        if (is_device(entry)) {
            widen(&widths.major, digits_of(major(entry->stat.st_rdev)));
            widen(&widths.size, digits_of(minor(entry->stat.st_rdev)));
        } else {
            widen(&widths.size, strlen(size_text(entry->stat.st_size)));
        }
    }
    /* "major, minor" stands where sizes stand. */
    if (widths.major)
        widen(&widths.size, widths.major + 2 + 3);
    return widths;
}

static void prefix_print(const struct entry *entry, const struct widths *widths) {
    if (options.inodes)
        printf("%*llu ", widths->inode, (unsigned long long)entry->stat.st_ino);
    if (options.blocks)
        printf("%*s ", widths->blocks, blocks_text(entry->stat.st_blocks));
}

static void time_print(const struct entry *entry) {
    const long half_year = 365 * 86400 / 2;
    char text[32];
    time_t when = entry_time(entry)->tv_sec, now = time(NULL);
    bool recent = when <= now && now - when < half_year;
    strftime(text, sizeof(text), recent ? "%b %e %H:%M" : "%b %e  %Y", localtime(&when));
    printf("%s ", text);
}

static void link_target_print(const struct entry *entry) {
    char *target = link_target(entry->path);
    struct stat st;
    if (target == NULL)
        return;
    if (stat(entry->path, &st) < 0)
        st.st_mode = 0;
    fputs(" -> ", stdout);
    name_print(target, st.st_mode);
    free(target);
}

static void long_print(const struct entry *entry, const struct widths *widths) {
    const struct stat *st = &entry->stat;
    char mode[11];
    mode_format(st->st_mode, mode);
    prefix_print(entry, widths);
    printf("%s %*lu ", mode, widths->links, (unsigned long)st->st_nlink);
    printf("%-*s ", widths->user, user_text(entry));
    printf("%-*s ", widths->group, group_text(entry));
    if (is_device(entry))
        printf("%*u, %*u ", widths->size - 5, major(st->st_rdev), 3, minor(st->st_rdev));
    else
        printf("%*s ", widths->size, size_text(st->st_size));
    time_print(entry);
    name_print(entry->name, st->st_mode);
    if (S_ISLNK(st->st_mode))
        link_target_print(entry);
    else
        mark_print(st->st_mode);
    putchar('\n');
}

static int terminal_width(void) {
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    if (columns && atoi(columns) > 0)
        return atoi(columns);
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

static int entry_width(const struct entry *entry, const struct widths *widths) {
    int width = strlen(entry->name);
    if ((options.marks || options.slash) && mark_of(entry->stat.st_mode))
        width++;
    if (options.inodes)
        width += widths->inode + 1;
    if (options.blocks)
        width += widths->blocks + 1;
    return width;
}

static void short_print(const struct entry *entry, const struct widths *widths) {
    prefix_print(entry, widths);
    name_print(entry->name, entry->stat.st_mode);
    mark_print(entry->stat.st_mode);
}

/* The widths of the columns when the entries stand in `rows` rows; their sum. */
static int columns_measure(const int *entry_widths, size_t count, size_t rows, int *column_widths) {
    int total = 0;
    for (size_t first = 0; first < count; first += rows) {
        int width = 0;
        for (size_t i = first; i < first + rows && i < count; i++)
            widen(&width, entry_widths[i] + 2);
        column_widths[first / rows] = width;
        total += width;
    }
    return total - 2;
}

static void columns_print(const struct listing *listing, const struct widths *widths) {
    size_t count = listing->count, rows = 0;
    int *entry_widths = cmd_alloc((count + 1) * sizeof(int));
    int *column_widths = cmd_alloc((count + 1) * sizeof(int));
    int line = terminal_width(), total = 0;
    for (size_t i = 0; i < count; i++)
        entry_widths[i] = entry_width(&listing->entries[i], widths);
    for (size_t i = 0; i < count; i++)
        total += entry_widths[i] + 2;
    /* No fewer rows than the area needs; then one more until they fit. */
    rows = line > 0 ? (size_t)(total / (line + 2)) : 0;
    do {
        rows++;
    } while (rows < count && columns_measure(entry_widths, count, rows, column_widths) >= line);
    columns_measure(entry_widths, count, rows, column_widths);
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = row; i < count; i += rows) {
            short_print(&listing->entries[i], widths);
            if (i + rows < count)
                printf("%*s", column_widths[i / rows] - entry_widths[i], "");
        }
        putchar('\n');
    }
    free(entry_widths);
    free(column_widths);
}

void listing_print(const struct listing *listing, bool total) {
    struct widths widths = widths_measure(listing);
    if (total && (options.layout == LAYOUT_LONG || options.blocks)) {
        unsigned long long blocks = 0;
        for (size_t i = 0; i < listing->count; i++)
            blocks += listing->entries[i].stat.st_blocks;
        printf("total %s\n", blocks_text(blocks));
    }
    if (options.layout == LAYOUT_COLUMNS) {
        if (listing->count > 0)
            columns_print(listing, &widths);
        return;
    }
    for (size_t i = 0; i < listing->count; i++) {
        if (options.layout == LAYOUT_LONG) {
            long_print(&listing->entries[i], &widths);
        } else {
            short_print(&listing->entries[i], &widths);
            putchar('\n');
        }
    }
}
