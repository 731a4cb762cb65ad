// Between platform.c, which walks the tree, and platform_devices.c, which knows the devices.
#ifndef BOOT_PLATFORM_DECODE_H
#define BOOT_PLATFORM_DECODE_H

#include <boot/fdt.h>
#include <boot/platform.h>

enum node_kind { NODE_OTHER, NODE_CPUS, NODE_CPU, NODE_RESERVED_MEMORY };

// What a node means for its children.
struct level {
    uint8_t kind;               // enum node_kind
    uint8_t address_cells, size_cells;
    bool mapped;                // its children's addresses are the CPU's own
    int hart;                   // of a NODE_CPU: its index, or -1 if it is not used
};

struct decoder {
    struct fdt fdt;
    struct platform *out;
    struct level levels[FDT_DEPTH];     // of the nodes from the root to the current one
    uint32_t intc_of_hart[PLATFORM_HARTS];      // phandle of its interrupt controller; 0: none
    struct fdt_node plic;               // depth 0: none found yet
    struct fdt_node console;            // what stdout-path names; depth 0: nothing
};

// Range `index` of the node's reg, in its parent's cells. False if it has none such; *error is
// set when it is malformed.
bool decode_range(const struct decoder *decoder, const struct fdt_node *node, uint32_t index,
                  struct platform_range *out, const char **error);

// Is the node's status "okay" (or not given)?
bool node_enabled(const struct decoder *decoder, const struct fdt_node *node);

// A node whose address is the CPU's own: notes it if it is a device that is known.
// NULL or a sentence, as all of these.
const char *decode_device(struct decoder *decoder, const struct fdt_node *node);

// After the walk: the PLIC's contexts, for which all harts must be known.
const char *decode_plic(struct decoder *decoder);

// Before the walk: the node that /chosen's stdout-path names.
void decode_console(struct decoder *decoder);

#endif
