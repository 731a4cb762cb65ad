/*
 * riscv_hwprobe: what the harts can do, asked key by key.
 */
#ifndef ABI_HWPROBE_H
#define ABI_HWPROBE_H

#include <abi/types.h>

struct riscv_hwprobe {
    int64_t key;        /* the kernel makes it -1 when it does not know the key */
    uint64_t value;
};

#define RISCV_HWPROBE_KEY_BASE_BEHAVIOR        3
#define RISCV_HWPROBE_BASE_BEHAVIOR_IMA        (1 << 0)
#define RISCV_HWPROBE_KEY_IMA_EXT_0            4
#define RISCV_HWPROBE_IMA_FD                   (1 << 0)
#define RISCV_HWPROBE_IMA_C                    (1 << 1)
#define RISCV_HWPROBE_KEY_CPUPERF_0            5
#define RISCV_HWPROBE_MISALIGNED_UNKNOWN       0
#define RISCV_HWPROBE_KEY_HIGHEST_VIRT_ADDRESS 7

/* riscv_flush_icache: only for the calling thread. */
#define RISCV_FLUSH_ICACHE_LOCAL 1

#endif
