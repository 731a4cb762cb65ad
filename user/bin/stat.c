/*
 * stat [-L] [-c FORMAT] FILE...: what the inode says. FORMAT: %n name, %N with link target,
 * %F type, %s size, %b blocks, %B block unit, %o I/O size, %i inode, %h links, %d %D device,
 * %t %T device type, %a %A mode, %f raw mode, %u %U %g %G owner, %x %X %y %Y %z %Z times.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/escape.h"
#include "common/mode.h"
#include "common/users.h"

static const char human_format[] =
    "  File: %N\n"
    "  Size: %-10s Blocks: %-8b IO Block: %-6o %F\n"
    "Device: %d  Inode: %-10i Links: %h\n"
    "Access: (%a/%A)  Uid: (%u/%U)  Gid: (%g/%G)\n"
    "Access: %x\n"
    "Modify: %y\n"
    "Change: %z\n";

static const char *type_name(const struct stat *st) {
    switch (st->st_mode & S_IFMT) {
    case S_IFREG: return st->st_size == 0 ? "regular empty file" : "regular file";
    case S_IFDIR: return "directory";
    case S_IFLNK: return "symbolic link";
    case S_IFCHR: return "character special file";
    case S_IFBLK: return "block special file";
    case S_IFIFO: return "fifo";
    case S_IFSOCK: return "socket";
    default: return "unknown";
    }
}

/* Where a directive's text is put together before it is padded. */
struct text {
    char *data;
    size_t size;
};

static void time_format(const struct text *out, const struct timespec *time) {
    char day[64];
    strftime(day, sizeof(day), "%Y-%m-%d %H:%M:%S", gmtime(&time->tv_sec));
    snprintf(out->data, out->size, "%s.%09ld +0000", day, (long)time->tv_nsec);
}

static void name_format(const struct text *out, const char *path, const struct stat *st) {
    char target[4096];
    ssize_t length = S_ISLNK(st->st_mode) ? readlink(path, target, sizeof(target) - 1) : -1;
    if (length < 0) {
        snprintf(out->data, out->size, "%s", path);
        return;
    }
    target[length] = '\0';
    snprintf(out->data, out->size, "%s -> %s", path, target);
}

/* The directives that are words. False: it must be a number. */
static bool word_format(const struct text *out, char letter, const char *path,
                        const struct stat *st) {
    const char *word = NULL;
    char mode[11];
    switch (letter) {
    case 'n': word = path; break;
    case 'N': name_format(out, path, st); return true;
    case 'F': word = type_name(st); break;
    case 'A': mode_format(st->st_mode, mode); word = mode; break;
    case 'U': word = user_name(st->st_uid); break;
    case 'G': word = group_name(st->st_gid); break;
    case 'x': time_format(out, &st->st_atim); return true;
    case 'y': time_format(out, &st->st_mtim); return true;
    case 'z': time_format(out, &st->st_ctim); return true;
    case '%': word = "%"; break;
    default: return false;
    }
    snprintf(out->data, out->size, "%s", word);
    return true;
}

static void number_format(const struct text *out, char letter, const struct stat *st) {
    unsigned long value = 0;
    const char *format = "%lu";
    switch (letter) {
    case 's': value = st->st_size; break;
    case 'b': value = st->st_blocks; break;
    case 'B': value = 512; break;
    case 'o': value = st->st_blksize; break;
    case 'i': value = st->st_ino; break;
    case 'h': value = st->st_nlink; break;
    case 'd': value = st->st_dev; break;
    case 'u': value = st->st_uid; break;
    case 'g': value = st->st_gid; break;
    case 'X': value = st->st_atime; break;
    case 'Y': value = st->st_mtime; break;
    case 'Z': value = st->st_ctime; break;
    case 'D': value = st->st_dev; format = "%lx"; break;
    case 't': value = major(st->st_rdev); format = "%lx"; break;
    case 'T': value = minor(st->st_rdev); format = "%lx"; break;
    case 'f': value = st->st_mode; format = "%lx"; break;
    case 'a': value = st->st_mode & 07777; format = "%lo"; break;
    default: cmd_die("unknown directive %%%c", letter ? letter : ' ');
    }
    snprintf(out->data, out->size, format, value);
}

static void stat_print(const char *format, const char *path, const struct stat *st) {
    struct text text = { cmd_alloc(8192 + strlen(path)), 8192 + strlen(path) };
    for (const char *p = format; *p;) {
        if (*p == '\\') {
            putchar(escape_decode(&p, 0));
        } else if (*p != '%') {
            putchar(*p++);
        } else {
            bool left = p[1] == '-';
            char *end;
            int width = (int)strtol(p + 1 + left, &end, 10);
            if (!word_format(&text, *end, path, st))
                number_format(&text, *end, st);
            printf(left ? "%-*s" : "%*s", width, text.data);
            p = end + 1;
        }
    }
    free(text.data);
}

int main(int argc, char **argv) {
    const char *format = NULL;
    bool follow = false;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "Lc:")) != -1) {
        if (option == 'L')
            follow = true;
        else if (option == 'c')
            format = optarg;
        else
            cmd_usage("[-L] [-c FORMAT] FILE...");
    }
    if (optind == argc)
        cmd_usage("[-L] [-c FORMAT] FILE...");
    for (; optind < argc; optind++) {
        struct stat st;
        if ((follow ? stat(argv[optind], &st) : lstat(argv[optind], &st)) < 0) {
            cmd_warn_errno("%s", argv[optind]);
            continue;
        }
        stat_print(format ? format : human_format, argv[optind], &st);
        if (format)
            putchar('\n');
    }
    return cmd_end(cmd_status);
}
