// What the device tree says about this machine (law 7), decoded once at boot.
#ifndef BOOT_PLATFORM_H
#define BOOT_PLATFORM_H

#include <stdbool.h>
#include <stdint.h>

#define PLATFORM_HARTS 8
#define PLATFORM_RESERVED 16
#define PLATFORM_VIRTIO 32

struct platform_range { uint64_t start, size; };

struct platform {
    struct platform_range memory[8];
    unsigned memory_count;
    struct platform_range reserved[PLATFORM_RESERVED];
    unsigned reserved_count;
    struct platform_range initrd;           // size 0: none
    struct platform_range tree;             // the blob itself, physical
    uint64_t timebase_hz;
    unsigned hart_count;
    unsigned harts_beyond;                  // usable ones behind these
    uint64_t hart_ids[PLATFORM_HARTS];      // index -> hart id
    bool sstc;                              // all harts list Sstc
    struct {
        struct platform_range range;
        unsigned reg_shift, irq;
    } uart;
    struct {
        struct platform_range range;
        unsigned sources;
        int context_of_hart[PLATFORM_HARTS];
    } plic;
    struct {
        struct platform_range range;
        unsigned irq;
    } virtio[PLATFORM_VIRTIO];              // highest address first: as QEMU fills its slots
    unsigned virtio_count;
    struct platform_range rtc;              // goldfish RTC; size 0: none
    struct platform_range test;             // sifive,test; size 0: none
    const char *boot_arguments;             // in the tree; "" if none
    const void *random_seed;
    uint32_t random_seed_size;
};

extern struct platform platform;

// Decodes the flattened device tree at `blob` (DTSpec 0.4, chapter 5) into `out`. Allocates
// nothing and never reads outside [blob, blob + limit). NULL on success, else one sentence
// that says what is malformed or missing.
const char *platform_decode(const void *blob, uint64_t limit, struct platform *out);

#endif
