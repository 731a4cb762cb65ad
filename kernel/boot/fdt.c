#include <boot/fdt.h>
#include <lib/string.h>
#include <stddef.h>

// The header's words, by byte offset (5.2).
enum {
    HEADER_MAGIC = 0, HEADER_TOTAL = 4, HEADER_STRUCTURE = 8, HEADER_STRINGS = 12,
    HEADER_RESERVATIONS = 16, HEADER_VERSION = 20, HEADER_COMPATIBLE = 24,
    HEADER_STRINGS_SIZE = 32, HEADER_STRUCTURE_SIZE = 36, HEADER_SIZE = 40,
};

enum { FDT_MAGIC = 0xd00dfeed, FDT_VERSION = 17 };

// Tokens of the structure block (5.4.1).
enum { FDT_BEGIN_NODE = 1, FDT_END_NODE = 2, FDT_PROP = 3, FDT_NOP = 4, FDT_END = 9 };

// Byte by byte: the blob is big-endian, and nothing promises that it is aligned.
static uint32_t big_word(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint32_t round_up(uint32_t offset) { return (offset + 3) & ~3u; }

struct token {
    uint32_t kind;
    uint32_t next;              // offset of the token after it
    const char *name;           // of a node or property
    struct fdt_value value;
};

// The NUL-terminated string at `offset`, or NULL if it does not end before `end`.
static const char *string_at(const struct fdt *fdt, uint32_t offset, uint32_t end,
                             uint32_t *length) {
    for (uint32_t i = offset; i < end; i++)
        if (!fdt->blob[i]) {
            *length = i - offset;
            return (const char *)fdt->blob + offset;
        }
    return NULL;
}

static const char *read_property(const struct fdt *fdt, uint32_t at, struct token *token) {
    if (fdt->structure_end - at < 8)
        return "the device tree ends within a property";
    uint32_t size = big_word(fdt->blob + at), name = big_word(fdt->blob + at + 4), length;
    at += 8;
    if (size > fdt->structure_end - at || round_up(size) > fdt->structure_end - at)
        return "a property in the device tree is longer than the tree";
    if (name >= fdt->strings_end - fdt->strings)
        return "a property's name lies outside the device tree's strings";
    token->name = string_at(fdt, fdt->strings + name, fdt->strings_end, &length);
    if (!token->name)
        return "a property's name in the device tree has no end";
    token->value = (struct fdt_value){ fdt->blob + at, size };
    token->next = at + round_up(size);
    return NULL;
}

// Reads the token at `at`, which is a multiple of 4 from the structure block's start.
static const char *read_token(const struct fdt *fdt, uint32_t at, struct token *token) {
    if (at > fdt->structure_end || fdt->structure_end - at < 4)
        return "the device tree's structure has no end";
    *token = (struct token){ .kind = big_word(fdt->blob + at), .next = at + 4 };
    uint32_t length;
    switch (token->kind) {
    case FDT_BEGIN_NODE:
        token->name = string_at(fdt, at + 4, fdt->structure_end, &length);
        if (!token->name)
            return "a node's name in the device tree has no end";
        token->next = at + 4 + round_up(length + 1);
        return NULL;
    case FDT_PROP:
        return read_property(fdt, at + 4, token);
    case FDT_END_NODE: case FDT_NOP: case FDT_END:
        return NULL;
    default:
        return "the device tree contains an unknown token";
    }
}

// Walks the whole structure block once. Properties come before the node's children (5.4.2).
static const char *check_structure(const struct fdt *fdt) {
    struct token token = { .next = fdt->structure };
    unsigned depth = 0;
    bool root_seen = false, properties_allowed = false;
    for (;;) {
        const char *error = read_token(fdt, token.next, &token);
        if (error)
            return error;
        switch (token.kind) {
        case FDT_BEGIN_NODE:
            if (depth == FDT_DEPTH)
                return "the device tree is nested too deeply";
            if (depth++ == 0 && root_seen)
                return "the device tree has two roots";
            root_seen = properties_allowed = true;
            break;
        case FDT_PROP:
            if (!properties_allowed)
                return "a property in the device tree stands outside its node";
            break;
        case FDT_END_NODE:
            if (depth-- == 0)
                return "the device tree ends a node that it never began";
            properties_allowed = false;
            break;
        case FDT_END:
            return depth == 0 && root_seen ? NULL : "the device tree ends within a node";
        }
    }
}

static const char *check_reservations(const struct fdt *fdt) {
    uint64_t start, size;
    for (unsigned i = 0; fdt_reservation(fdt, i, &start, &size); i++)
        if (start + size < start)
            return "a memory reservation in the device tree wraps around";
    return NULL;
}

// Is [offset, offset + size) within the blob, after the header?
static bool block_valid(const struct fdt *fdt, uint32_t offset, uint32_t size) {
    return offset >= HEADER_SIZE && offset <= fdt->total && size <= fdt->total - offset;
}

const char *fdt_open(const void *blob, uint64_t limit, struct fdt *out) {
    const uint8_t *header = blob;
    if (limit < HEADER_SIZE)
        return "the device tree is shorter than its header";
    if (big_word(header + HEADER_MAGIC) != FDT_MAGIC)
        return "there is no device tree: its magic number is wrong";
    if (big_word(header + HEADER_VERSION) < FDT_VERSION ||
        big_word(header + HEADER_COMPATIBLE) > FDT_VERSION)
        return "the device tree's version is not 17";
    uint32_t structure_size = big_word(header + HEADER_STRUCTURE_SIZE);
    uint32_t strings_size = big_word(header + HEADER_STRINGS_SIZE);
    *out = (struct fdt){
        .blob = header,
        .total = big_word(header + HEADER_TOTAL),
        .structure = big_word(header + HEADER_STRUCTURE),
        .strings = big_word(header + HEADER_STRINGS),
        .reservations = big_word(header + HEADER_RESERVATIONS),
    };
    // Far from 2^32, so that no sum of an offset and a rounding can wrap around.
    if (out->total > limit || out->total < HEADER_SIZE || out->total > 1u << 30)
        return "the device tree's size is impossible";
    if (!block_valid(out, out->structure, structure_size) || out->structure % 4 ||
        !block_valid(out, out->strings, strings_size) ||
        !block_valid(out, out->reservations, 0))
        return "a block of the device tree lies outside it";
    out->structure_end = out->structure + structure_size;
    out->strings_end = out->strings + strings_size;
    const char *error = check_reservations(out);
    return error ? error : check_structure(out);
}

bool fdt_reservation(const struct fdt *fdt, unsigned index, uint64_t *start, uint64_t *size) {
    if (index >= (fdt->total - fdt->reservations) / 16)
        return false;
    struct fdt_value entry = { fdt->blob + fdt->reservations + index * 16, 16 };
    *start = fdt_cells(&entry, 0, 2);
    *size = fdt_cells(&entry, 2, 2);
    return *start || *size;
}

// From the token at `at` on, with `depth` nodes open: the next node that begins.
static bool next_begin(const struct fdt *fdt, uint32_t at, unsigned depth,
                       struct fdt_node *out) {
    struct token token = { .next = at };
    for (;;) {
        at = token.next;
        if (read_token(fdt, at, &token) || token.kind == FDT_END)
            return false;
        if (token.kind == FDT_END_NODE && depth-- == 0)
            return false;
        if (token.kind == FDT_BEGIN_NODE) {
            *out = (struct fdt_node){ at, depth, token.name };
            return true;
        }
    }
}

struct fdt_node fdt_root(const struct fdt *fdt) {
    struct fdt_node root = { fdt->structure, 0, "" };
    (void)next_begin(fdt, fdt->structure, 0, &root);
    return root;
}

bool fdt_next(const struct fdt *fdt, struct fdt_node *node) {
    struct token begin;
    return !read_token(fdt, node->offset, &begin) &&
           next_begin(fdt, begin.next, node->depth + 1, node);
}

// Is the path's component [part, part + length) the node's name, or its name without "@..."?
static bool name_matches(const char *name, const char *part, uint32_t length) {
    return !strncmp(name, part, length) && (!name[length] || name[length] == '@');
}

bool fdt_find_path(const struct fdt *fdt, const char *path, uint32_t length,
                   struct fdt_node *out) {
    struct fdt_node node = fdt_root(fdt);
    unsigned wanted = 0;        // depth of the component that is looked for; above: found
    uint32_t at = 0, end = 0;
    for (;;) {
        while (node.depth == wanted) {
            if (wanted && !name_matches(node.name, path + at, end - at))
                break;
            for (at = end; at < length && path[at] == '/'; at++)
                ;
            for (end = at; end < length && path[end] != '/'; end++)
                ;
            if (at == end) {
                *out = node;
                return true;
            }
            wanted++;
        }
        // Back above the component's place: the parent that matched had no such child.
        if (!fdt_next(fdt, &node) || node.depth < wanted)
            return false;
    }
}

bool fdt_find_phandle(const struct fdt *fdt, uint32_t phandle, struct fdt_node *out) {
    struct fdt_node node = fdt_root(fdt);
    do {
        uint64_t number;
        if (fdt_number(fdt, &node, "phandle", &number) && number == phandle) {
            *out = node;
            return true;
        }
    } while (fdt_next(fdt, &node));
    return false;
}

bool fdt_property(const struct fdt *fdt, const struct fdt_node *node, const char *name,
                  struct fdt_value *out) {
    struct token token;
    if (read_token(fdt, node->offset, &token))
        return false;
    while (!read_token(fdt, token.next, &token)) {
        if (token.kind == FDT_PROP && !strcmp(token.name, name)) {
            *out = token.value;
            return true;
        }
        if (token.kind != FDT_PROP && token.kind != FDT_NOP)
            return false;
    }
    return false;
}

const char *fdt_string(const struct fdt *fdt, const struct fdt_node *node, const char *name) {
    struct fdt_value value;
    if (!fdt_property(fdt, node, name, &value) || !value.size || value.data[value.size - 1])
        return NULL;
    return (const char *)value.data;
}

bool fdt_number(const struct fdt *fdt, const struct fdt_node *node, const char *name,
                uint64_t *out) {
    struct fdt_value value;
    if (!fdt_property(fdt, node, name, &value) || (value.size != 4 && value.size != 8))
        return false;
    *out = fdt_cells(&value, 0, value.size / 4);
    return true;
}

bool fdt_list_has(const struct fdt_value *value, const char *string) {
    uint32_t size = (uint32_t)strlen(string) + 1;
    for (uint32_t at = 0; value->size - at >= size;) {
        if (!memcmp(value->data + at, string, size))
            return true;
        while (at < value->size && value->data[at])
            at++;
        if (at == value->size)
            return false;
        at++;
    }
    return false;
}

bool fdt_compatible(const struct fdt *fdt, const struct fdt_node *node, const char *with) {
    struct fdt_value list;
    return fdt_property(fdt, node, "compatible", &list) && fdt_list_has(&list, with);
}

uint64_t fdt_cells(const struct fdt_value *value, uint32_t index, uint32_t count) {
    uint64_t number = 0;
    if (index > value->size / 4 || count > value->size / 4 - index)
        return 0;
    for (uint32_t i = index; i < index + count; i++)
        number = number << 32 | big_word(value->data + 4 * i);
    return number;
}
