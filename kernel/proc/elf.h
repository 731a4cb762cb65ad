// ELF programs (System V ABI, "Object Files" and "Program Loading"; RISC-V psABI).
#ifndef PROC_ELF_H
#define PROC_ELF_H

#include <debug/panic.h>
#include <stdint.h>

struct file;
struct space;

struct elf_image {
    uint64_t entry, end;        // first instruction; first address after the program
    uint64_t headers, header_count;     // where the program headers are in memory, or 0
};

// Checks the file and maps its segments into an empty space; pages are read when they are
// touched. -ENOEXEC for whatever is not a program for this machine. May sleep.
int must_check elf_load(struct file *file, struct space *space, struct elf_image *image);

#endif
