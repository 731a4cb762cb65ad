/* crash: what its files share. */
#ifndef BIN_CRASH_CRASH_H
#define BIN_CRASH_CRASH_H

/*
 * Places in every address space: the kernel itself as its direct map of all memory shows
 * it, the first byte behind the user's half, and one in the user's half where nothing is.
 */
#define KERNEL_ADDRESS 0xffffffc080200000ul
#define BEHIND_USER 0x4000000000ul
#define NOWHERE_ADDRESS 0x1234567000ul

/* The argument behind the kind, or NULL. */
extern const char *crash_argument;

/* Says what is about to be tried; the text is out before the try is made. */
void announce(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* access.c: memory that is not there, not ours or not for that use. */
void try_null(void);
void try_write_null(void);
void try_kernel_read(void);
void try_kernel_write(void);
void try_kernel_jump(void);
void try_text_write(void);
void try_constant_write(void);
void try_jump_nowhere(void);
void try_jump_stack(void);
void try_jump_heap(void);
void try_noncanonical(void);
void try_stack_overflow(void);

/* instruction.c: instructions that are not for programs. */
void try_illegal(void);
void try_sret(void);
void try_mret(void);
void try_csr_satp(void);
void try_csr_sstatus(void);
void try_wfi(void);
void try_sfence(void);
void try_ebreak(void);
void try_abort(void);

/* allowed.c: what looks dangerous and is answered without a crash. */
void try_counters(void);
void try_divide(void);
void try_misaligned(void);
void try_ecall_unknown(void);
void try_bad_pointer(void);
void try_fp(void);

/* exhaust.c: taking all of something. */
void try_hog(void);
void try_fork_limit(void);
void try_file_limit(void);
void try_memory(void);

/*
 * Reads the 32 floating-point registers as they are. To mean anything it must run
 * before anything else in main.
 */
void fp_registers_read(void);

/* The second half of try_fp: reports what fp_registers_read found. */
void fp_registers_report(void);

#endif
