/* sort: which of two lines goes first. */
#include <ctype.h>
#include <string.h>

#include "../common/cmd.h"
#include "sort.h"

struct sort_order common_order;
struct sort_key *sort_keys;
size_t sort_key_count;
int field_separator = -1;
bool keys_decide_alone;

/* A piece of a line that is compared. */
struct piece {
    const char *p, *end;
};

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* Moves over blanks and a minus sign; true when the number is negative. */
static bool sign_take(struct piece *piece) {
    while (piece->p < piece->end && is_blank(*piece->p))
        piece->p++;
    bool negative = piece->p < piece->end && *piece->p == '-';
    piece->p += negative;
    while (piece->p < piece->end && *piece->p == '0')
        piece->p++;
    return negative;
}

static size_t digits_count(const struct piece *piece) {
    const char *p = piece->p;
    while (p < piece->end && isdigit((unsigned char)*p))
        p++;
    return p - piece->p;
}

/* Compares what is behind the decimal points, as if both were filled up with zeros. */
static int fractions_compare(struct piece a, struct piece b) {
    bool has_a = a.p < a.end && *a.p == '.', has_b = b.p < b.end && *b.p == '.';
    a.p += has_a;
    b.p += has_b;
    for (;; a.p++, b.p++) {
        has_a = has_a && a.p < a.end && isdigit((unsigned char)*a.p);
        has_b = has_b && b.p < b.end && isdigit((unsigned char)*b.p);
        if (!has_a && !has_b)
            return 0;
        int digit_a = has_a ? *a.p : '0', digit_b = has_b ? *b.p : '0';
        if (digit_a != digit_b)
            return digit_a - digit_b;
    }
}

static bool fraction_is_zero(struct piece a) {
    struct piece zero = { "", "" };
    return fractions_compare(a, zero) == 0;
}

/* Compares digit strings, so that no number is too long and nothing is rounded. */
static int magnitudes_compare(struct piece a, struct piece b) {
    size_t digits_a = digits_count(&a), digits_b = digits_count(&b);
    if (digits_a != digits_b)
        return digits_a < digits_b ? -1 : 1;
    int order = memcmp(a.p, b.p, digits_a);
    if (order != 0)
        return order;
    a.p += digits_a;
    b.p += digits_b;
    return fractions_compare(a, b);
}

static bool is_zero(struct piece a) {
    return digits_count(&a) == 0 && fraction_is_zero(a);
}

/* The rank of a size suffix: none, K, M, G, ... (for sort -h). */
static int suffix_rank(struct piece a) {
    static const char units[] = "KMGTPE";
    while (a.p < a.end && (isdigit((unsigned char)*a.p) || *a.p == '.'))
        a.p++;
    const char *hit = a.p < a.end ? strchr(units, toupper((unsigned char)*a.p)) : NULL;
    return hit ? (int)(hit - units) + 1 : 0;
}

static int numbers_compare(struct piece a, struct piece b, bool human) {
    bool negative_a = sign_take(&a), negative_b = sign_take(&b);
    bool zero_a = is_zero(a), zero_b = is_zero(b);
    int sign_a = zero_a ? 0 : negative_a ? -1 : 1;
    int sign_b = zero_b ? 0 : negative_b ? -1 : 1;
    if (sign_a != sign_b || sign_a == 0)
        return sign_a - sign_b;
    int order = human ? suffix_rank(a) - suffix_rank(b) : 0;
    if (order == 0)
        order = magnitudes_compare(a, b);
    return sign_a < 0 ? -order : order;
}

/* The next byte that counts; -1 at the end. */
static int byte_take(struct piece *piece, const struct sort_order *order) {
    while (piece->p < piece->end) {
        unsigned char byte = *piece->p++;
        if (order->dictionary && !isalnum(byte) && !is_blank(byte))
            continue;
        return order->fold ? toupper(byte) : byte;
    }
    return -1;
}

static int texts_compare(struct piece a, struct piece b, const struct sort_order *order) {
    if (!order->fold && !order->dictionary) {
        size_t length_a = a.end - a.p, length_b = b.end - b.p;
        int result = memcmp(a.p, b.p, length_a < length_b ? length_a : length_b);
        return result ? result : (length_a > length_b) - (length_a < length_b);
    }
    for (;;) {
        int byte_a = byte_take(&a, order), byte_b = byte_take(&b, order);
        if (byte_a != byte_b || byte_a < 0)
            return byte_a - byte_b;
    }
}

static int pieces_compare(struct piece a, struct piece b, const struct sort_order *order) {
    int result;
    if (order->numeric || order->human)
        result = numbers_compare(a, b, order->human);
    else
        result = texts_compare(a, b, order);
    return order->reverse ? -result : result;
}

/* Where field `number` (from 1) begins; the line's end when there are fewer. */
static const char *field_start(const struct sort_line *line, int number) {
    const char *p = line->text, *end = p + line->length;
    for (; number > 1 && p < end; number--) {
        if (field_separator >= 0) {
            const char *hit = memchr(p, field_separator, end - p);
            p = hit ? hit + 1 : end;
            continue;
        }
        while (p < end && is_blank(*p))
            p++;
        while (p < end && !is_blank(*p))
            p++;
    }
    return p;
}

static const char *field_end(const struct sort_line *line, int number) {
    const char *end = line->text + line->length;
    const char *next = field_start(line, number + 1);
    if (field_separator >= 0 && next > line->text && (next < end || next[-1] == field_separator) &&
        next > field_start(line, number))
        next--;
    return next;
}

static const char *blanks_skip(const char *p, const char *end) {
    while (p < end && is_blank(*p))
        p++;
    return p;
}

static struct piece key_piece(const struct sort_line *line, const struct sort_key *key,
                              const struct sort_order *order) {
    const char *end = line->text + line->length;
    struct piece piece = { field_start(line, key->first_field), end };
    if (order->blanks)
        piece.p = blanks_skip(piece.p, end);
    piece.p = end - piece.p < key->first_byte - 1 ? end : piece.p + key->first_byte - 1;
    if (key->last_field > 0 && key->last_byte == 0) {
        piece.end = field_end(line, key->last_field);
    } else if (key->last_field > 0) {
        const char *start = field_start(line, key->last_field);
        if (order->blanks)
            start = blanks_skip(start, end);
        piece.end = end - start < key->last_byte ? end : start + key->last_byte;
    }
    if (piece.end < piece.p)
        piece.end = piece.p;
    return piece;
}

int lines_compare(const struct sort_line *a, const struct sort_line *b) {
    for (size_t i = 0; i < sort_key_count; i++) {
        const struct sort_key *key = &sort_keys[i];
        const struct sort_order *order = key->own_order ? &key->order : &common_order;
        int result = pieces_compare(key_piece(a, key, order), key_piece(b, key, order), order);
        if (result != 0)
            return result;
    }
    struct piece all_a = { a->text, a->text + a->length };
    struct piece all_b = { b->text, b->text + b->length };
    int result = 0;
    if (sort_key_count == 0) {
        struct piece key_a = all_a, key_b = all_b;
        if (common_order.blanks) {
            key_a.p = blanks_skip(key_a.p, key_a.end);
            key_b.p = blanks_skip(key_b.p, key_b.end);
        }
        result = pieces_compare(key_a, key_b, &common_order);
    }
    if (result != 0 || keys_decide_alone)
        return result;
    /* Equal by the keys: the whole lines as bytes decide, so that the order is total. */
    struct sort_order bytes = { .reverse = common_order.reverse };
    return pieces_compare(all_a, all_b, &bytes);
}
