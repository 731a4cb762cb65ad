// Reading a flattened device tree (Devicetree Specification 0.4, chapter 5) where it lies.
//
// fdt_open checks the whole blob once: header, tokens, names, nesting, every offset. The
// other functions rely on that; they return "absent", never an address outside the blob.
#ifndef BOOT_FDT_H
#define BOOT_FDT_H

#include <stdbool.h>
#include <stdint.h>

#define FDT_DEPTH 16            // deepest nesting that is accepted, the root counted

struct fdt {
    const uint8_t *blob;
    uint32_t total;                             // bytes
    uint32_t structure, structure_end;          // the structure block, as offsets
    uint32_t strings, strings_end;              // the strings block
    uint32_t reservations;                      // the memory reservation block
};

// A place in a walk over all nodes in the order of the blob: parents before children.
struct fdt_node {
    uint32_t offset;            // of the FDT_BEGIN_NODE token
    unsigned depth;             // 0: the root
    const char *name;           // with the unit address; "" for the root
};

struct fdt_value {
    const uint8_t *data;
    uint32_t size;
};

// Checks the tree at `blob`, of which at most `limit` bytes may be read: NULL, or a sentence
// that says what is malformed.
const char *fdt_open(const void *blob, uint64_t limit, struct fdt *out);

// Entry `index` of the memory reservation block; false at its end.
bool fdt_reservation(const struct fdt *fdt, unsigned index, uint64_t *start, uint64_t *size);

struct fdt_node fdt_root(const struct fdt *fdt);
bool fdt_next(const struct fdt *fdt, struct fdt_node *node);        // false after the last one

// The node at `path` of `length` characters, as "/soc/serial@10000000"; unit addresses may be
// left out. False if there is none.
bool fdt_find_path(const struct fdt *fdt, const char *path, uint32_t length,
                   struct fdt_node *out);
bool fdt_find_phandle(const struct fdt *fdt, uint32_t phandle, struct fdt_node *out);

// The property called `name`; false if the node has none.
bool fdt_property(const struct fdt *fdt, const struct fdt_node *node, const char *name,
                  struct fdt_value *out);

// The same as a string: NULL if it is absent or not NUL-terminated.
const char *fdt_string(const struct fdt *fdt, const struct fdt_node *node, const char *name);

// The same as a number of one or two cells: false if it is absent or of another size.
bool fdt_number(const struct fdt *fdt, const struct fdt_node *node, const char *name,
                uint64_t *out);

// Does the string list `value` contain `string`?
bool fdt_list_has(const struct fdt_value *value, const char *string);
bool fdt_compatible(const struct fdt *fdt, const struct fdt_node *node, const char *with);

// The number made of `count` cells from cell `index` on; the low 64 bits if there are more
// than two. 0 if it does not lie in `value`.
uint64_t fdt_cells(const struct fdt_value *value, uint32_t index, uint32_t count);

#endif
