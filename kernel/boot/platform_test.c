// The running machine's tree, broken in every way that one word can break it.
#include <boot/fdt.h>
#include <boot/platform.h>
#include <debug/ktest.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <riscv/layout.h>

static struct platform scratch;         // too large for a stack

static uint32_t random_next(void) {
    static uint64_t state = 88172645463325252;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16);
}

static void word_put(uint8_t *at, uint32_t word) {
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(word >> (24 - 8 * i));
}

static uint32_t word_get(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint8_t *tree_copy(uint32_t *size) {
    *size = (uint32_t)platform.tree.size;
    uint8_t *copy = kmalloc(*size);
    if (copy)
        memcpy(copy, phys_to_virt(platform.tree.start), *size);
    return copy;
}

// Does the tree, with the word at `offset` replaced, give this sentence? Mends it again.
static bool broken_says(uint8_t *tree, uint32_t size, uint32_t offset, uint32_t word,
                        const char *sentence) {
    uint32_t old = word_get(tree + offset);
    word_put(tree + offset, word);
    const char *error = platform_decode(tree, size, &scratch);
    word_put(tree + offset, old);
    return error && !strcmp(error, sentence);
}

// The offset within the blob of property `name` of the node at `path`, or 0.
static uint32_t property_offset(const struct fdt *fdt, const char *path, const char *name) {
    struct fdt_node node;
    struct fdt_value value;
    if (!fdt_find_path(fdt, path, (uint32_t)strlen(path), &node) ||
        !fdt_property(fdt, &node, name, &value))
        return 0;
    return (uint32_t)(value.data - fdt->blob);
}

KTEST(platform_whole_tree) {
    uint32_t size;
    uint8_t *tree = tree_copy(&size);
    ktest_check(tree != NULL);
    if (!tree)
        return;
    ktest_check(platform_decode(tree, size, &scratch) == NULL);
    ktest_check(scratch.hart_count == platform.hart_count);
    ktest_check(scratch.timebase_hz == platform.timebase_hz);
    ktest_check(scratch.uart.irq == platform.uart.irq);
    ktest_check(!strcmp(scratch.boot_arguments, platform.boot_arguments));
    kfree(tree);
}

KTEST(platform_sentences) {
    uint32_t size;
    uint8_t *tree = tree_copy(&size);
    struct fdt fdt;
    ktest_check(tree && !fdt_open(tree, size, &fdt));
    if (!tree)
        return;
    ktest_check(broken_says(tree, size, 0, 0,
                            "there is no device tree: its magic number is wrong"));
    ktest_check(broken_says(tree, size, 20, 3, "the device tree's version is not 17"));
    ktest_check(broken_says(tree, size, 4, size + 1, "the device tree's size is impossible"));
    ktest_check(broken_says(tree, size, 8, UINT32_MAX - 3,
                            "a block of the device tree lies outside it"));
    ktest_check(broken_says(tree, size, 36, 8, "the device tree's structure has no end"));
    ktest_check(broken_says(tree, size, fdt.structure, 5,
                            "the device tree contains an unknown token"));
    uint32_t frequency = property_offset(&fdt, "/cpus", "timebase-frequency");
    ktest_check(frequency && broken_says(tree, size, frequency, 0,
                                         "the device tree gives no timebase-frequency"));
    uint32_t cells = property_offset(&fdt, "/", "#address-cells");
    ktest_check(cells && broken_says(tree, size, cells, 5,
                "a node in the device tree has numbers of more than 4 cells"));
    uint32_t memory = property_offset(&fdt, "/memory", "device_type");
    ktest_check(memory && broken_says(tree, size, memory, 0,
                                      "the device tree describes no memory"));
    kfree(tree);
}

KTEST(platform_every_word_broken) {
    static const uint32_t words[] = { 0, 1, 2, 3, 4, 9, 0x7fffffff, UINT32_MAX };
    uint32_t size;
    uint8_t *tree = tree_copy(&size);
    ktest_check(tree != NULL);
    for (uint32_t at = 0; tree && at + 4 <= size; at += 4) {
        uint32_t old = word_get(tree + at), pick = random_next() % 9;
        word_put(tree + at, pick < 8 ? words[pick] : random_next());
        (void)platform_decode(tree, size, &scratch);
        word_put(tree + at, old);
    }
    kfree(tree);
}

KTEST(platform_truncated) {
    uint32_t size;
    uint8_t *tree = tree_copy(&size);
    ktest_check(tree != NULL);
    if (!tree)
        return;
    ktest_check(platform_decode(tree, 39, &scratch) != NULL);
    for (uint32_t cut = 40; cut < size; cut += 1 + random_next() % 64) {
        ktest_check(platform_decode(tree, cut, &scratch) != NULL);
        word_put(tree + 4, cut);
        (void)platform_decode(tree, cut, &scratch);     // spare bytes at the end may be cut
        word_put(tree + 4, size);
    }
    kfree(tree);
}

// Nothing but nodes that begin.
KTEST(platform_depth_bomb) {
    enum { WORDS = 512, HEADER = 40 };
    uint8_t *tree = kzalloc(HEADER + 8 * WORDS);
    ktest_check(tree != NULL);
    if (!tree)
        return;
    const uint32_t header[10] = { 0xd00dfeed, HEADER + 8 * WORDS, HEADER, HEADER, HEADER, 17,
                                  16, 0, 0, 8 * WORDS };
    for (int i = 0; i < 10; i++)
        word_put(tree + 4 * i, header[i]);
    for (int i = 0; i < WORDS; i++)
        word_put(tree + HEADER + 8 * i, 1);
    const char *error = platform_decode(tree, HEADER + 8 * WORDS, &scratch);
    ktest_check(error && !strcmp(error, "the device tree is nested too deeply"));
    kfree(tree);
}
