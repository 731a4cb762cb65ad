#include <abi/errno.h>
#include <riscv/sbi.h>

enum {
    EXT_LEGACY_PUTCHAR = 1,
    EXT_TIME = 0x54494d45,
    EXT_IPI = 0x735049,
    EXT_RFENCE = 0x52464e43,
    EXT_HSM = 0x48534d,
    EXT_SRST = 0x53525354,
};

struct sbi_result {
    long error, value;
};

// SBI 1.0, chapter 3: a7 the extension, a6 the function, error and value in a0 and a1.
static struct sbi_result sbi_call(uint64_t extension, uint64_t function, uint64_t arg0,
                                  uint64_t arg1, uint64_t arg2, uint64_t arg3) {
    register uint64_t a0 __asm__("a0") = arg0;
    register uint64_t a1 __asm__("a1") = arg1;
    register uint64_t a2 __asm__("a2") = arg2;
    register uint64_t a3 __asm__("a3") = arg3;
    register uint64_t a6 __asm__("a6") = function;
    register uint64_t a7 __asm__("a7") = extension;
    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1)
                     : "r"(a2), "r"(a3), "r"(a6), "r"(a7)
                     : "memory");
    return (struct sbi_result){ (long)a0, (long)a1 };
}

// SBI 1.0, table 1 "Standard SBI Errors".
static int sbi_errno(long error) {
    switch (error) {
    case 0: return 0;
    case -2: return -EOPNOTSUPP;
    case -3: return -EINVAL;
    case -4: return -EPERM;
    case -5: return -EFAULT;
    case -6: case -7: case -8: return -EALREADY;
    default: return -EIO;
    }
}

void sbi_putchar(char c) { sbi_call(EXT_LEGACY_PUTCHAR, 0, (uint8_t)c, 0, 0, 0); }

void sbi_set_timer(uint64_t deadline) { sbi_call(EXT_TIME, 0, deadline, 0, 0, 0); }

void sbi_send_ipi(uint64_t mask, uint64_t base) { sbi_call(EXT_IPI, 0, mask, base, 0, 0); }

void sbi_remote_fence_i(uint64_t mask, uint64_t base) {
    sbi_call(EXT_RFENCE, 0, mask, base, 0, 0);
}

void sbi_remote_sfence(uint64_t mask, uint64_t base, uint64_t start, uint64_t size) {
    sbi_call(EXT_RFENCE, 1, mask, base, start, size);
}

int sbi_hart_start(uint64_t hart_id, uint64_t start_phys, uint64_t argument) {
    return sbi_errno(sbi_call(EXT_HSM, 0, hart_id, start_phys, argument, 0).error);
}

void sbi_system_reset(enum sbi_reset type) { sbi_call(EXT_SRST, 0, type, 0, 0, 0); }
