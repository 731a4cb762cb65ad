/* Bracket expressions (POSIX XBD 9.3.5): [abc], [^a-z], [[:digit:]_]. */
#include "pattern_set.h"

#include <ctype.h>
#include <string.h>

bool byte_is_word(unsigned char byte) {
    return isalnum(byte) || byte == '_';
}

bool byte_set_add_class(struct byte_set *set, const char *name, size_t length) {
    static const struct {
        const char *name;
        int (*has)(int);
    } classes[] = {
        { "alnum", isalnum }, { "alpha", isalpha }, { "blank", isblank }, { "cntrl", iscntrl },
        { "digit", isdigit }, { "graph", isgraph }, { "lower", islower }, { "print", isprint },
        { "punct", ispunct }, { "space", isspace }, { "upper", isupper }, { "xdigit", isxdigit },
    };
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (strlen(classes[i].name) != length || memcmp(classes[i].name, name, length) != 0)
            continue;
        for (int byte = 0; byte < 128; byte++) {
            if (classes[i].has(byte))
                byte_set_add(set, byte);
        }
        return true;
    }
    return false;
}

void byte_set_fold(struct byte_set *set) {
    for (int byte = 'a'; byte <= 'z'; byte++) {
        int upper = toupper(byte);
        if (byte_set_has(set, byte))
            byte_set_add(set, upper);
        else if (byte_set_has(set, upper))
            byte_set_add(set, byte);
    }
}

void byte_set_invert(struct byte_set *set) {
    for (int i = 0; i < 4; i++)
        set->bits[i] = ~set->bits[i];
}

/* "[:name:]" at *text, which is behind the "[:". */
static const char *class_parse(struct byte_set *set, const char **text, const char *end) {
    const char *p = *text;
    while (p < end && *p != ':')
        p++;
    if (end - p < 2 || p[1] != ']')
        return "unterminated [:class:]";
    if (!byte_set_add_class(set, *text, p - *text))
        return "unknown [:class:]";
    *text = p + 2;
    return NULL;
}

/* One end of a range: a byte, or "[.x.]" or "[=x=]" around one. */
static const char *element_parse(const char **text, const char *end, unsigned char *byte) {
    const char *p = *text;
    bool wrapped = end - p >= 5 && p[0] == '[' && (p[1] == '.' || p[1] == '=');
    if (!wrapped) {
        *byte = *p;
        *text = p + 1;
        return NULL;
    }
    if (p[3] != p[1] || p[4] != ']')
        return "unknown collating element";
    *byte = p[2];
    *text = p + 5;
    return NULL;
}

static const char *range_parse(struct byte_set *set, const char **text, const char *end) {
    unsigned char low, high;
    const char *error = element_parse(text, end, &low);
    if (error)
        return error;
    high = low;
    if (end - *text >= 2 && **text == '-' && (*text)[1] != ']') {
        (*text)++;
        error = element_parse(text, end, &high);
        if (error)
            return error;
        if (low > high)
            return "invalid range end";
    }
    for (int byte = low; byte <= high; byte++)
        byte_set_add(set, byte);
    return NULL;
}

const char *byte_set_parse(struct byte_set *set, const char **text, const char *end, bool fold) {
    bool inverted = *text < end && **text == '^';
    *text += inverted;
    const char *first = *text;
    while (*text < end && (**text != ']' || *text == first)) {
        const char *error;
        if (end - *text >= 2 && (*text)[0] == '[' && (*text)[1] == ':') {
            *text += 2;
            error = class_parse(set, text, end);
        } else {
            error = range_parse(set, text, end);
        }
        if (error)
            return error;
    }
    if (*text == end)
        return "unmatched [";
    (*text)++;
    if (fold)
        byte_set_fold(set);     /* before the inversion: [^a] must not match A */
    if (inverted)
        byte_set_invert(set);
    return NULL;
}
