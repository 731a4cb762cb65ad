/*
 * Classes of characters: ASCII, by arithmetic. All others belong to none.
 */
#include <ctype.h>

static inline int in_range(int c, int first, int last) {
    return (unsigned int)c - first <= (unsigned int)(last - first);
}

int isdigit(int c) {
    return in_range(c, '0', '9');
}

int islower(int c) {
    return in_range(c, 'a', 'z');
}

int isupper(int c) {
    return in_range(c, 'A', 'Z');
}

int isalpha(int c) {
    return isupper(c) || islower(c);
}

int isalnum(int c) {
    return isalpha(c) || isdigit(c);
}

int isxdigit(int c) {
    return isdigit(c) || in_range(c, 'a', 'f') || in_range(c, 'A', 'F');
}

int isblank(int c) {
    return c == ' ' || c == '\t';
}

int isspace(int c) {
    return c == ' ' || in_range(c, '\t', '\r');
}

int isprint(int c) {
    return in_range(c, ' ', '~');
}

int isgraph(int c) {
    return in_range(c, '!', '~');
}

int iscntrl(int c) {
    return in_range(c, 0, 31) || c == 127;
}

int ispunct(int c) {
    return isgraph(c) && !isalnum(c);
}

int tolower(int c) {
    return isupper(c) ? c - 'A' + 'a' : c;
}

int toupper(int c) {
    return islower(c) ? c - 'a' + 'A' : c;
}
