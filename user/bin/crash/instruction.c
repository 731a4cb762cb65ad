/* crash: instructions that are not for programs (RISC-V Privileged Architecture, chapter 3). */
#include <stdlib.h>

#include "../common/cmd.h"
#include "crash.h"

static void survived(const char *instruction) {
    cmd_warn("still alive: %s did nothing to stop us", instruction);
}

void try_illegal(void) {
    announce("executing 0x0000, defined to be illegal: SIGILL");
    __asm__ volatile(".2byte 0");
    survived("it");
}

void try_sret(void) {
    announce("executing sret in user mode: an illegal instruction, SIGILL");
    __asm__ volatile("sret");
    survived("sret");
}

void try_mret(void) {
    announce("executing mret in user mode: an illegal instruction, SIGILL");
    __asm__ volatile("mret");
    survived("mret");
}

void try_csr_satp(void) {
    announce("writing 0 to satp, which would turn paging off: SIGILL");
    __asm__ volatile("csrw satp, zero");
    survived("csrw satp");
}

void try_csr_sstatus(void) {
    unsigned long value;
    announce("reading sstatus: the CSR's number says supervisor, SIGILL");
    __asm__ volatile("csrr %0, sstatus" : "=r"(value));
    cmd_warn("still alive: sstatus is 0x%lx", value);
}

void try_wfi(void) {
    announce("executing wfi: it may trap in user mode, and here it should, SIGILL");
    __asm__ volatile("wfi");
    survived("wfi");
}

void try_sfence(void) {
    announce("executing sfence.vma in user mode: an illegal instruction, SIGILL");
    __asm__ volatile("sfence.vma");
    survived("sfence.vma");
}

void try_ebreak(void) {
    announce("executing ebreak: a breakpoint exception, SIGTRAP");
    __asm__ volatile("ebreak");
    survived("ebreak");
}

void try_abort(void) {
    announce("calling abort(): SIGABRT");
    abort();
}
