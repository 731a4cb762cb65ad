/* File modes as people write and read them (POSIX chmod, "EXTENDED DESCRIPTION"). */
#include "mode.h"

#include <string.h>
#include <sys/stat.h>

static char type_letter(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFDIR: return 'd';
    case S_IFLNK: return 'l';
    case S_IFCHR: return 'c';
    case S_IFBLK: return 'b';
    case S_IFIFO: return 'p';
    case S_IFSOCK: return 's';
    case S_IFREG: return '-';
    default: return '?';
    }
}

void mode_format(mode_t mode, char out[11]) {
    out[0] = type_letter(mode);
    for (int i = 0; i < 9; i++)
        out[1 + i] = mode & (0400 >> i) ? "rwxrwxrwx"[i] : '-';
    if (mode & S_ISUID)
        out[3] = mode & S_IXUSR ? 's' : 'S';
    if (mode & S_ISGID)
        out[6] = mode & S_IXGRP ? 's' : 'S';
    if (mode & S_ISVTX)
        out[9] = mode & S_IXOTH ? 't' : 'T';
    out[10] = '\0';
}

mode_t mode_umask(void) {
    mode_t mask = umask(0);
    umask(mask);
    return mask;
}

static bool octal_apply(const char *text, mode_t *mode) {
    mode_t value = 0;
    for (; *text; text++) {
        if (*text < '0' || *text > '7' || value > 07777)
            return false;
        value = value * 8 + (*text - '0');
    }
    if (value > 07777)
        return false;
    *mode = (*mode & S_IFMT) | value;
    return true;
}

/* The bits that belong to the letters of [ugoa]*, set-id and sticky included. */
static const char *who_parse(const char *p, mode_t *who) {
    for (*who = 0;; p++) {
        if (*p == 'u')
            *who |= S_ISUID | S_IRWXU;
        else if (*p == 'g')
            *who |= S_ISGID | S_IRWXG;
        else if (*p == 'o')
            *who |= S_ISVTX | S_IRWXO;
        else if (*p == 'a')
            *who |= 07777;
        else
            return p;
    }
}

/* One permission letter, or a class whose present bits are copied, for everybody. */
static bool permission_bits(char letter, mode_t mode, mode_t *bits) {
    switch (letter) {
    case 'r': *bits |= 0444; return true;
    case 'w': *bits |= 0222; return true;
    case 'x': *bits |= 0111; return true;
    case 's': *bits |= S_ISUID | S_ISGID; return true;
    case 't': *bits |= S_ISVTX; return true;
    case 'u': *bits |= ((mode >> 6) & 7) * 0111; return true;
    case 'g': *bits |= ((mode >> 3) & 7) * 0111; return true;
    case 'o': *bits |= (mode & 7) * 0111; return true;
    case 'X':
        if (S_ISDIR(mode) || (mode & 0111))
            *bits |= 0111;
        return true;
    default: return false;
    }
}

/* One clause: who, then actions ("+x", "=rw"), up to a comma or the end. */
static const char *clause_apply(const char *p, mode_t mask, mode_t *mode) {
    mode_t who;
    p = who_parse(p, &who);
    mode_t reach = who ? who : 07777 & ~mask;
    mode_t cleared = who ? who : 07777;
    if (S_ISDIR(*mode))
        cleared &= ~(S_ISUID | S_ISGID);    /* "=" leaves a directory's inheritance alone */
    if (!*p || !strchr("+-=", *p))
        return NULL;
    while (*p && strchr("+-=", *p)) {
        char operator = *p++;
        mode_t bits = 0;
        while (*p && permission_bits(*p, *mode, &bits))
            p++;
        bits &= reach;
        if (operator == '+')
            *mode |= bits;
        else if (operator == '-')
            *mode &= ~bits;
        else
            *mode = (*mode & ~cleared) | bits;
    }
    return p;
}

bool mode_apply(const char *text, mode_t mask, mode_t *mode) {
    if (*text >= '0' && *text <= '9')
        return octal_apply(text, mode);
    for (;;) {
        text = clause_apply(text, mask, mode);
        if (text == NULL || (*text && *text != ','))
            return false;
        if (*text++ == '\0')
            return true;
    }
}
