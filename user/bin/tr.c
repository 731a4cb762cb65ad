/*
 * tr [-cds] SET1 [SET2]: translates, deletes (-d) or squeezes (-s) bytes. Sets hold bytes,
 * ranges a-z, classes [:alpha:], escapes, and [x*] that fills SET2 up. -c: all but SET1.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/escape.h"
#include "common/pattern_set.h"
#include "common/reader.h"

#define USAGE "[-cds] SET1 [SET2]"

/* A set in the order in which it was written. */
struct sequence {
    unsigned char *bytes;
    size_t count, capacity;
    size_t fill_at;             /* where a [x*] stands; SIZE_MAX when there is none */
    unsigned char fill;
};

static void sequence_add(struct sequence *sequence, unsigned char byte) {
    if (sequence->count == sequence->capacity) {
        sequence->capacity = sequence->capacity ? sequence->capacity * 2 : 256;
        sequence->bytes = cmd_realloc(sequence->bytes, sequence->capacity);
    }
    sequence->bytes[sequence->count++] = byte;
}

static int byte_take(const char **p) {
    if (**p == '\\')
        return escape_decode(p, 0) & 0xff;
    return (unsigned char)*(*p)++;
}

/* "[:name:]" at *p: its members in byte order. */
static bool class_take(struct sequence *sequence, const char **p) {
    const char *name = *p + 2, *end = strstr(name, ":]");
    struct byte_set set = { { 0 } };
    if ((*p)[0] != '[' || (*p)[1] != ':' || end == NULL)
        return false;
    if (!byte_set_add_class(&set, name, end - name))
        cmd_die("invalid class: '%.*s'", (int)(end - name), name);
    for (int byte = 0; byte < 256; byte++) {
        if (byte_set_has(&set, byte))
            sequence_add(sequence, byte);
    }
    *p = end + 2;
    return true;
}

/* "[x*]" or "[x*N]" at *p. */
static bool fill_take(struct sequence *sequence, const char **p) {
    if ((*p)[0] != '[' || !(*p)[1] || !(*p)[2])
        return false;
    const char *q = *p + 1;
    int byte = byte_take(&q);
    if (*q++ != '*')
        return false;
    char *end;
    unsigned long count = strtoul(q, &end, *q == '0' ? 8 : 10);
    if (*end != ']')
        return false;
    if (count == 0) {
        sequence->fill_at = sequence->count;
        sequence->fill = byte;
    }
    for (; count > 0; count--)
        sequence_add(sequence, byte);
    *p = end + 1;
    return true;
}

static struct sequence sequence_parse(const char *text) {
    struct sequence sequence = { .fill_at = SIZE_MAX };
    for (const char *p = text; *p;) {
        if (class_take(&sequence, &p) || fill_take(&sequence, &p))
            continue;
        int low = byte_take(&p), high = low;
        if (*p == '-' && p[1]) {
            p++;
            high = byte_take(&p);
            if (high < low)
                cmd_die("the range '%c-%c' is in reverse order", low, high);
        }
        for (int byte = low; byte <= high; byte++)
            sequence_add(&sequence, byte);
    }
    return sequence;
}

static struct sequence sequence_complement(const struct sequence *sequence) {
    struct sequence result = { .fill_at = SIZE_MAX };
    for (int byte = 0; byte < 256; byte++) {
        if (!sequence->count || !memchr(sequence->bytes, byte, sequence->count))
            sequence_add(&result, byte);
    }
    return result;
}

/* Brings SET2 to the length of SET1: at its [x*], or by repeating its last byte. */
static void sequence_extend(struct sequence *set2, size_t wanted) {
    if (set2->fill_at == SIZE_MAX) {
        if (set2->count == 0)
            cmd_die("SET2 must not be empty");
        set2->fill_at = set2->count;
        set2->fill = set2->bytes[set2->count - 1];
    }
    if (set2->count >= wanted)
        return;
    size_t missing = wanted - set2->count, behind = set2->count - set2->fill_at;
    for (size_t i = 0; i < missing; i++)
        sequence_add(set2, 0);
    unsigned char *gap = set2->bytes + set2->fill_at;
    memmove(gap + missing, gap, behind);
    memset(gap, set2->fill, missing);
}

/* What happens to each byte. */
struct plan {
    unsigned char to[256];
    bool deleted[256], squeezed[256];
};

static void plan_make(struct plan *plan, const char *text1, const char *text2, bool complement,
                      bool delete, bool squeeze) {
    struct sequence set1 = sequence_parse(text1), set2 = { 0 };
    if (complement)
        set1 = sequence_complement(&set1);
    if (text2)
        set2 = sequence_parse(text2);
    if (text2 && !delete)
        sequence_extend(&set2, set1.count);
    for (int byte = 0; byte < 256; byte++)
        plan->to[byte] = byte;
    for (size_t i = 0; i < set1.count; i++) {
        if (delete)
            plan->deleted[set1.bytes[i]] = true;
        else if (text2)
            plan->to[set1.bytes[i]] = set2.bytes[i];
    }
    const struct sequence *squeezed = text2 ? &set2 : &set1;
    for (size_t i = 0; squeeze && i < squeezed->count; i++)
        plan->squeezed[squeezed->bytes[i]] = true;
}

static void input_translate(const struct plan *plan) {
    struct reader r;
    struct line block;
    int last = -1;
    if (!reader_open(&r, "-"))
        return;
    while (reader_block(&r, &block) && !ferror(stdout)) {
        size_t out = 0;
        for (size_t i = 0; i < block.length; i++) {
            unsigned char byte = block.text[i];
            if (plan->deleted[byte])
                continue;
            byte = plan->to[byte];
            if (plan->squeezed[byte] && byte == last)
                continue;
            block.text[out++] = byte;
            last = byte;
        }
        fwrite(block.text, 1, out, stdout);
    }
}

int main(int argc, char **argv) {
    static struct plan plan;
    bool complement = false, delete = false, squeeze = false;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "cCds")) != -1) {
        switch (option) {
        case 'c': case 'C': complement = true; break;
        case 'd': delete = true; break;
        case 's': squeeze = true; break;
        default: cmd_usage(USAGE);
        }
    }
    int sets = argc - optind;
    bool two_needed = (delete && squeeze) || (!delete && !squeeze);
    if (sets < 1 || sets > 2 || (two_needed && sets != 2) || (delete && !squeeze && sets != 1))
        cmd_usage(USAGE);
    plan_make(&plan, argv[optind], argv[optind + 1], complement, delete, squeeze);
    input_translate(&plan);
    return cmd_end(cmd_status);
}
