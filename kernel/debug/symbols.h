// The kernel's own symbol table, made by tools/mksyms.py from the linked kernel.
#ifndef DEBUG_SYMBOLS_H
#define DEBUG_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

// The name of the symbol at or below `address` and the distance to it; NULL outside the
// kernel's text and data.
const char *symbol_find(uint64_t address, uint64_t *offset);

// Is it an address in the kernel's code?
bool symbol_is_text(uint64_t address);

#endif
