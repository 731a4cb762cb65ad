#include <boot/platform_decode.h>
#include <lib/string.h>
#include <riscv/layout.h>
#include <stddef.h>

enum { CELLS_MAX = 4 };

bool node_enabled(const struct decoder *decoder, const struct fdt_node *node) {
    struct fdt_value status;
    return !fdt_property(&decoder->fdt, node, "status", &status) ||
           fdt_list_has(&status, "okay") || fdt_list_has(&status, "ok");
}

bool decode_range(const struct decoder *decoder, const struct fdt_node *node, uint32_t index,
                  struct platform_range *out, const char **error) {
    const struct level *parent = &decoder->levels[node->depth - 1];
    unsigned address = parent->address_cells, size = parent->size_cells;
    uint32_t first = index * (address + size);
    struct fdt_value reg;
    if (!address || !size || !fdt_property(&decoder->fdt, node, "reg", &reg) ||
        reg.size / 4 <= first)
        return false;
    if (reg.size / 4 - first < address + size) {
        *error = "a reg in the device tree is cut short";
        return false;
    }
    *out = (struct platform_range){ fdt_cells(&reg, first, address),
                                    fdt_cells(&reg, first + address, size) };
    if (out->start + out->size < out->start) {
        *error = "a reg in the device tree wraps around";
        return false;
    }
    return true;
}

static const char *decode_memory(struct decoder *decoder, const struct fdt_node *node) {
    struct platform *out = decoder->out;
    const char *error = NULL;
    struct platform_range range;
    for (uint32_t i = 0; decode_range(decoder, node, i, &range, &error); i++)
        if (range.size && out->memory_count < sizeof out->memory / sizeof out->memory[0])
            out->memory[out->memory_count++] = range;
    return error;
}

// Unlike memory, a reserved range must not be forgotten for want of a place.
static const char *reserve(struct platform *out, struct platform_range range) {
    if (!range.size)
        return NULL;
    uint64_t end = range.start + range.size;
    if (end < range.start || page_ceil(end) < end)
        return "a range that the device tree reserves wraps around";
    if (out->reserved_count == PLATFORM_RESERVED)
        return "the device tree reserves more ranges of memory than this kernel can note";
    out->reserved[out->reserved_count++] = range;
    return NULL;
}

static const char *decode_reserved(struct decoder *decoder, const struct fdt_node *node) {
    const char *error = NULL;
    struct platform_range range;
    for (uint32_t i = 0; !error && decode_range(decoder, node, i, &range, &error); i++)
        error = reserve(decoder->out, range);
    return error;
}

static const char *decode_reservations(struct decoder *decoder) {
    struct platform_range range;
    const char *error = NULL;
    for (unsigned i = 0; !error && fdt_reservation(&decoder->fdt, i, &range.start, &range.size);
         i++)
        error = reserve(decoder->out, range);
    return error;
}

static const char *decode_chosen(struct decoder *decoder, const struct fdt_node *node) {
    const struct fdt *fdt = &decoder->fdt;
    struct platform *out = decoder->out;
    struct fdt_value seed;
    uint64_t start, end;
    const char *arguments = fdt_string(fdt, node, "bootargs");
    if (arguments)
        out->boot_arguments = arguments;
    if (fdt_property(fdt, node, "rng-seed", &seed)) {
        out->random_seed = seed.data;
        out->random_seed_size = seed.size;
    }
    if (fdt_number(fdt, node, "linux,initrd-start", &start) &&
        fdt_number(fdt, node, "linux,initrd-end", &end)) {
        if (end < start)
            return "the initrd in the device tree ends before it starts";
        out->initrd = (struct platform_range){ start, end - start };
    }
    return NULL;
}

// "rv64imafdch_zicsr_sstc": single letters, then names of several letters after underscores.
static bool isa_string_has(const char *isa, const char *extension) {
    size_t length = strlen(extension);
    while ((isa = strchr(isa, '_'))) {
        isa++;
        if (!strncmp(isa, extension, length) && (!isa[length] || isa[length] == '_'))
            return true;
    }
    return false;
}

static bool hart_has(const struct decoder *decoder, const struct fdt_node *node,
                     const char *extension) {
    struct fdt_value list;
    if (fdt_property(&decoder->fdt, node, "riscv,isa-extensions", &list))
        return fdt_list_has(&list, extension);
    const char *isa = fdt_string(&decoder->fdt, node, "riscv,isa");
    return isa && isa_string_has(isa, extension);
}

// Can this kernel run on it? A monitor core has no MMU.
static bool hart_usable(const struct decoder *decoder, const struct fdt_node *node) {
    struct fdt_value mmu;
    return node_enabled(decoder, node) &&
           !(fdt_property(&decoder->fdt, node, "mmu-type", &mmu) &&
             fdt_list_has(&mmu, "riscv,none"));
}

// Fills level->hart. Harts beyond the number that this kernel can use are left alone.
static const char *decode_cpu(struct decoder *decoder, const struct fdt_node *node,
                              struct level *level) {
    const struct fdt *fdt = &decoder->fdt;
    struct platform *out = decoder->out;
    unsigned cells = decoder->levels[node->depth - 1].address_cells;
    struct fdt_value reg;
    level->hart = -1;
    if (!out->timebase_hz)
        (void)fdt_number(fdt, node, "timebase-frequency", &out->timebase_hz);
    if (!hart_usable(decoder, node))
        return NULL;
    if (out->hart_count == PLATFORM_HARTS) {
        out->harts_beyond++;
        return NULL;
    }
    if (!cells || !fdt_property(fdt, node, "reg", &reg) || reg.size / 4 < cells)
        return "a hart in the device tree has no id";
    uint64_t id = fdt_cells(&reg, 0, cells);
    for (unsigned i = 0; i < out->hart_count; i++)
        if (out->hart_ids[i] == id)
            return "two harts in the device tree have the same id";
    level->hart = (int)out->hart_count;
    out->hart_ids[out->hart_count++] = id;
    if (!hart_has(decoder, node, "sstc"))
        out->sstc = false;
    return NULL;
}

static void decode_intc(struct decoder *decoder, const struct fdt_node *node) {
    uint64_t phandle;
    int hart = decoder->levels[node->depth - 1].hart;
    if (hart >= 0 && fdt_compatible(&decoder->fdt, node, "riscv,cpu-intc") &&
        fdt_number(&decoder->fdt, node, "phandle", &phandle))
        decoder->intc_of_hart[hart] = (uint32_t)phandle;
}

static bool named(const struct fdt_node *node, const char *name) {
    size_t length = strlen(name);
    return !strncmp(node->name, name, length) &&
           (!node->name[length] || node->name[length] == '@');
}

static bool has_device_type(const struct decoder *decoder, const struct fdt_node *node,
                            const char *type) {
    struct fdt_value value;
    return fdt_property(&decoder->fdt, node, "device_type", &value) && fdt_list_has(&value, type);
}

// What `node` says about its children: cells (2.3.5) and whether their addresses are the
// CPU's, which an empty ranges means (2.3.8).
static const char *decode_level(struct decoder *decoder, const struct fdt_node *node,
                                struct level *level) {
    uint64_t address = 2, size = 1;
    struct fdt_value ranges;
    (void)fdt_number(&decoder->fdt, node, "#address-cells", &address);
    (void)fdt_number(&decoder->fdt, node, "#size-cells", &size);
    if (address > CELLS_MAX || size > CELLS_MAX)
        return "a node in the device tree has numbers of more than 4 cells";
    *level = (struct level){ .address_cells = (uint8_t)address, .size_cells = (uint8_t)size };
    if (node->depth == 0)
        level->mapped = true;
    else if (decoder->levels[node->depth - 1].mapped && node_enabled(decoder, node))
        level->mapped = fdt_property(&decoder->fdt, node, "ranges", &ranges) && !ranges.size;
    return NULL;
}

// A child of the root.
static const char *decode_top(struct decoder *decoder, const struct fdt_node *node,
                              struct level *level) {
    if (has_device_type(decoder, node, "memory"))
        return node_enabled(decoder, node) ? decode_memory(decoder, node) : NULL;
    if (named(node, "chosen"))
        return decode_chosen(decoder, node);
    if (named(node, "reserved-memory")) {
        level->kind = NODE_RESERVED_MEMORY;
    } else if (named(node, "cpus")) {
        level->kind = NODE_CPUS;
        (void)fdt_number(&decoder->fdt, node, "timebase-frequency", &decoder->out->timebase_hz);
    } else {
        return decode_device(decoder, node);
    }
    return NULL;
}

static const char *decode_node(struct decoder *decoder, const struct fdt_node *node) {
    struct level *level = &decoder->levels[node->depth];
    const char *error = decode_level(decoder, node, level);
    if (error || node->depth == 0)
        return error;
    const struct level *parent = &decoder->levels[node->depth - 1];
    switch (parent->kind) {
    case NODE_CPUS:
        if (!has_device_type(decoder, node, "cpu"))
            return NULL;
        level->kind = NODE_CPU;
        return decode_cpu(decoder, node, level);
    case NODE_CPU:
        decode_intc(decoder, node);
        return NULL;
    case NODE_RESERVED_MEMORY:
        return node_enabled(decoder, node) ? decode_reserved(decoder, node) : NULL;
    default:
        if (node->depth == 1)
            return decode_top(decoder, node, level);
        return parent->mapped ? decode_device(decoder, node) : NULL;
    }
}

static const char *check_complete(const struct platform *out) {
    if (!out->memory_count)
        return "the device tree describes no memory";
    if (!out->hart_count)
        return "the device tree describes no hart that can be used";
    if (!out->timebase_hz)
        return "the device tree gives no timebase-frequency";
    if (!out->uart.range.size)
        return "the device tree describes no ns16550a UART";
    return NULL;
}

const char *platform_decode(const void *blob, uint64_t limit, struct platform *out) {
    struct decoder decoder = { .out = out };
    uint64_t address = (uint64_t)(uintptr_t)blob;
    memset(out, 0, sizeof *out);
    out->boot_arguments = "";
    out->sstc = true;
    const char *error = fdt_open(blob, limit, &decoder.fdt);
    if (error)
        return error;
    out->tree.start = address >= DIRECT_BASE ? address - DIRECT_BASE : address;
    out->tree.size = decoder.fdt.total;
    error = decode_reservations(&decoder);
    decode_console(&decoder);
    struct fdt_node node = fdt_root(&decoder.fdt);
    do {
        if (!error)
            error = decode_node(&decoder, &node);
    } while (!error && fdt_next(&decoder.fdt, &node));
    if (!error)
        error = check_complete(out);
    return error ? error : decode_plic(&decoder);
}
