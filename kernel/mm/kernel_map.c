#include <abi/errno.h>
#include <debug/panic.h>
#include <mm/device_map.h>
#include <mm/frame.h>
#include <mm/kernel_map.h>
#include <riscv/csr.h>
#include <riscv/sv39.h>

// Kernel entries are global and carry A and D, so that hardware never has to set them.
#define RO (PTE_R | PTE_G | PTE_A)
#define RX (PTE_R | PTE_X | PTE_G | PTE_A)
#define RW (PTE_R | PTE_W | PTE_G | PTE_A | PTE_D)

extern const char __kernel_start[], __text_start[], __text_end[], __rodata_start[],
    __rodata_end[], __data_start[], __kernel_end[];

pte_t *kernel_root;
static uint64_t image_offset;           // virtual minus physical address of the image

static pte_t *table_alloc(pte_t *root) {
    (void)root;
    struct frame *frame = frame_alloc(FRAME_TABLE, FRAME_ZERO);
    return frame ? frame_virt(frame) : NULL;
}

static void table_free(pte_t *root, pte_t *table) {
    (void)root;
    frame_put(frame_of_virt(table));
}

static const struct sv39_source kernel_tables = { table_alloc, table_free };

static int map(uint64_t va, uint64_t phys, unsigned level, uint64_t flags) {
    pte_t *pte = sv39_walk_create(kernel_root, va, level, &kernel_tables);
    if (!pte)
        return -ENOMEM;
    assert(!pte_valid(*pte));
    *pte = pte_make(phys, flags);
    return 0;
}

static void map_or_panic(uint64_t va, uint64_t phys, unsigned level, uint64_t flags) {
    if (map(va, phys, level, flags))
        panic("no memory for the kernel's page tables");
}

// W^X: code is not writable, and nothing but code is executable.
static void map_image(const char *start, const char *end, uint64_t flags) {
    for (uint64_t va = (uint64_t)start; va < (uint64_t)end; va += PAGE_SIZE)
        map_or_panic(va, va - image_offset, 0, flags);
}

// Does [phys, phys+size) touch the image's constant part (text and constants)?
static bool touches_constants(uint64_t phys, uint64_t size) {
    uint64_t start = (uint64_t)__kernel_start - image_offset;
    uint64_t end = (uint64_t)__data_start - image_offset;
    return phys < end && phys + size > start;
}

// The direct map, in the largest pages that fit; what it shows of the kernel's text and
// constants is read-only, in small pages.
void kernel_map_ram(uint64_t start, uint64_t end) {
    uint64_t phys = page_ceil(start);
    while (phys + PAGE_SIZE <= end) {
        unsigned level = 2;
        while (level && (phys % level_size(level) || phys + level_size(level) > end ||
                         touches_constants(phys, level_size(level))))
            level--;
        map_or_panic(phys + DIRECT_BASE, phys, level,
                     touches_constants(phys, level_size(level)) ? RO : RW);
        phys += level_size(level);
    }
}

// Every root entry of the kernel's half that is ever used gets its table now: roots of user
// spaces copy the entries, so they must never change.
static void make_tables(uint64_t start, uint64_t end) {
    for (uint64_t va = start; va < end; va += level_size(2))
        if (!sv39_walk_create(kernel_root, va, 1, &kernel_tables))
            panic("no memory for the kernel's page tables");
}

uint64_t kernel_satp(void) {
    return SATP_SV39 | virt_to_phys(kernel_root) >> PAGE_SHIFT;
}

void kernel_map_activate(void) {
    csr_write(satp, kernel_satp());
    tlb_flush_all();
}

void kernel_map_init(void) {
    kernel_root = table_alloc(NULL);
    if (!kernel_root)
        panic("no memory for the kernel's page tables");
    struct sv39_place place;
    extern pte_t boot_root[];
    place = sv39_walk(boot_root, (uint64_t)__kernel_start, 0);
    image_offset = (uint64_t)__kernel_start -
                   (pte_phys(*place.pte) + (uint64_t)__kernel_start % level_size(2));
    map_image(__text_start, __text_end, RX);
    map_image(__rodata_start, __rodata_end, RO);
    map_image(__data_start, __kernel_end, RW);
    make_tables(DEVICE_BASE, DEVICE_LIMIT);
    make_tables(STACKS_BASE, STACKS_LIMIT);
}

int kernel_map_page(uint64_t va, uint64_t phys) { return map(va, phys, 0, RW); }

void *device_map(uint64_t phys, uint64_t size) {
    static uint64_t next = DEVICE_BASE;
    uint64_t offset = phys % PAGE_SIZE;
    uint64_t start = next, bytes = page_ceil(offset + size);
    if (bytes > DEVICE_LIMIT - next)
        return NULL;
    for (uint64_t done = 0; done < bytes; done += PAGE_SIZE)
        if (map(start + done, phys - offset + done, 0, RW))
            return NULL;
    next += bytes + PAGE_SIZE;          // a hole between windows
    return (void *)(start + offset);
}
