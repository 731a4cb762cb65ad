#include <boot/platform_decode.h>
#include <lib/string.h>
#include <stddef.h>

// RISC-V PLIC specification 1.0.0, chapter 3 (memory map).
enum {
    PLIC_CONTEXTS_MAX = 15872, PLIC_SOURCES_MAX = 1023,
    PLIC_CONTEXTS_START = 0x200000, PLIC_CONTEXT_SIZE = 0x1000,
};

enum { IRQ_S_EXTERNAL = 9 };

// The first interrupt of `node`: from interrupts, or the second word of interrupts-extended.
// Both have one cell a number, as the PLIC's binding says. 0: it has none.
static unsigned first_irq(const struct decoder *decoder, const struct fdt_node *node) {
    struct fdt_value value;
    if (fdt_property(&decoder->fdt, node, "interrupts", &value))
        return (unsigned)fdt_cells(&value, 0, 1);
    if (fdt_property(&decoder->fdt, node, "interrupts-extended", &value))
        return (unsigned)fdt_cells(&value, 1, 1);
    return 0;
}

// The node that stdout-path names has precedence over the first UART of the tree.
static const char *decode_uart(struct decoder *decoder, const struct fdt_node *node,
                               struct platform_range range) {
    struct platform *out = decoder->out;
    uint64_t shift = 0;
    if (out->uart.range.size && node->offset != decoder->console.offset)
        return NULL;
    (void)fdt_number(&decoder->fdt, node, "reg-shift", &shift);
    if (shift > 4 || range.size < 8u << shift)
        return "the UART's reg-shift in the device tree is impossible";
    out->uart.range = range;
    out->uart.reg_shift = (unsigned)shift;
    out->uart.irq = first_irq(decoder, node);
    return out->uart.irq ? NULL : "the UART in the device tree has no interrupt";
}

static const char *decode_virtio(struct decoder *decoder, const struct fdt_node *node,
                                 struct platform_range range) {
    struct platform *out = decoder->out;
    unsigned irq = first_irq(decoder, node);
    if (!irq)
        return "a virtio device in the device tree has no interrupt";
    if (out->virtio_count == PLATFORM_VIRTIO)
        return NULL;
    unsigned at = out->virtio_count++;
    for (; at && out->virtio[at - 1].range.start < range.start; at--)
        out->virtio[at] = out->virtio[at - 1];
    out->virtio[at].range = range;
    out->virtio[at].irq = irq;
    return NULL;
}

static const char *decode_rtc(struct decoder *decoder, const struct fdt_node *node,
                              struct platform_range range) {
    (void)node;
    decoder->out->rtc = range;
    return NULL;
}

static const char *decode_test(struct decoder *decoder, const struct fdt_node *node,
                               struct platform_range range) {
    (void)node;
    decoder->out->test = range;
    return NULL;
}

// Its contexts wait until all harts are known (decode_plic).
static const char *note_plic(struct decoder *decoder, const struct fdt_node *node,
                             struct platform_range range) {
    if (!decoder->plic.depth) {
        decoder->plic = *node;
        decoder->out->plic.range = range;
    }
    return NULL;
}

static const struct {
    const char *compatible;
    uint32_t window;            // bytes of registers that its driver uses at least
    const char *(*decode)(struct decoder *, const struct fdt_node *, struct platform_range);
} known_devices[] = {
    { "ns16550a", 8, decode_uart },
    { "ns16550", 8, decode_uart },
    { "virtio,mmio", 0x200, decode_virtio },
    { "google,goldfish-rtc", 8, decode_rtc },
    { "sifive,test0", 4, decode_test },
    { "sifive,test1", 4, decode_test },
    { "sifive,plic-1.0.0", 4, note_plic },
    { "riscv,plic0", 4, note_plic },
};

const char *decode_device(struct decoder *decoder, const struct fdt_node *node) {
    struct platform_range range;
    struct fdt_value compatible;
    const char *error = NULL;
    if (!fdt_property(&decoder->fdt, node, "compatible", &compatible) ||
        !node_enabled(decoder, node))
        return NULL;
    for (unsigned i = 0; i < sizeof known_devices / sizeof known_devices[0]; i++) {
        if (!fdt_list_has(&compatible, known_devices[i].compatible))
            continue;
        if (!decode_range(decoder, node, 0, &range, &error))
            return error ? error : "a device in the device tree has no registers";
        if (range.size < known_devices[i].window)
            return "a device in the device tree has too few registers";
        return known_devices[i].decode(decoder, node, range);
    }
    return NULL;
}

static int hart_of_intc(const struct decoder *decoder, uint32_t phandle) {
    for (unsigned i = 0; i < decoder->out->hart_count; i++)
        if (phandle && decoder->intc_of_hart[i] == phandle)
            return (int)i;
    return -1;
}

// interrupts-extended has an entry for each context in turn: the interrupt controller of a
// hart and the interrupt there that the context raises.
static const char *decode_contexts(struct decoder *decoder, const struct fdt_value *list) {
    uint32_t words = list->size / 4;
    int context = 0;
    for (uint32_t at = 0; at < words; context++) {
        uint32_t phandle = (uint32_t)fdt_cells(list, at, 1);
        uint64_t cells = 1;
        int hart = hart_of_intc(decoder, phandle);
        struct fdt_node controller;
        if (context == PLIC_CONTEXTS_MAX)
            return "the PLIC in the device tree has too many contexts";
        if (hart < 0 && (!fdt_find_phandle(&decoder->fdt, phandle, &controller) ||
                         !fdt_number(&decoder->fdt, &controller, "#interrupt-cells", &cells)))
            return "the PLIC in the device tree names an interrupt controller that is not there";
        if (cells >= words - at)
            return "the PLIC's interrupts-extended in the device tree is cut short";
        if (hart >= 0 && fdt_cells(list, at + 1, 1) == IRQ_S_EXTERNAL)
            decoder->out->plic.context_of_hart[hart] = context;
        at += 1 + (uint32_t)cells;
    }
    return NULL;
}

// Does the window cover the contexts that are used, and does every interrupt exist?
static const char *check_plic(const struct platform *out) {
    for (unsigned i = 0; i < out->hart_count; i++) {
        uint64_t contexts = (uint64_t)(out->plic.context_of_hart[i] + 1);
        if (PLIC_CONTEXTS_START + contexts * PLIC_CONTEXT_SIZE > out->plic.range.size)
            return "the PLIC in the device tree has too few registers";
    }
    bool valid = out->uart.irq <= out->plic.sources;
    for (unsigned i = 0; i < out->virtio_count; i++)
        valid = valid && out->virtio[i].irq <= out->plic.sources;
    return valid ? NULL : "a device in the device tree has an interrupt that the PLIC has not";
}

const char *decode_plic(struct decoder *decoder) {
    struct platform *out = decoder->out;
    struct fdt_value list;
    uint64_t sources;
    for (unsigned i = 0; i < PLATFORM_HARTS; i++)
        out->plic.context_of_hart[i] = -1;
    if (!decoder->plic.depth)
        return "the device tree describes no PLIC";
    if (!fdt_number(&decoder->fdt, &decoder->plic, "riscv,ndev", &sources) ||
        sources > PLIC_SOURCES_MAX)
        return "the PLIC in the device tree has no riscv,ndev or an impossible one";
    out->plic.sources = (unsigned)sources;
    if (!fdt_property(&decoder->fdt, &decoder->plic, "interrupts-extended", &list))
        return "the PLIC in the device tree has no interrupts-extended";
    const char *error = decode_contexts(decoder, &list);
    return error ? error : check_plic(out);
}

// stdout-path is a path or an alias, perhaps with ":115200n8" behind it.
void decode_console(struct decoder *decoder) {
    const struct fdt *fdt = &decoder->fdt;
    struct fdt_node node;
    char alias[32];
    const char *path = NULL;
    if (fdt_find_path(fdt, "/chosen", 7, &node))
        path = fdt_string(fdt, &node, "stdout-path");
    if (!path)
        return;
    const char *colon = strchr(path, ':');
    size_t length = colon ? (size_t)(colon - path) : strlen(path);
    if (path[0] != '/') {
        if (length >= sizeof alias || !fdt_find_path(fdt, "/aliases", 8, &node))
            return;
        memcpy(alias, path, length);
        alias[length] = '\0';
        path = fdt_string(fdt, &node, alias);
        if (!path)
            return;
        length = strlen(path);
    }
    if (fdt_find_path(fdt, path, (uint32_t)length, &node))
        decoder->console = node;
}
