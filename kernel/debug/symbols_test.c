// The kernel's own symbol table knows its functions.
#include <debug/ktest.h>
#include <debug/symbols.h>
#include <lib/string.h>
#include <stddef.h>

KTEST(symbols_find) {
    uint64_t offset = 99, here = (uint64_t)symbol_find;
    const char *name = symbol_find(here, &offset);
    ktest_check(name && !strcmp(name, "symbol_find") && offset == 0);
    name = symbol_find(here + 6, &offset);
    ktest_check(name && !strcmp(name, "symbol_find") && offset == 6);
    ktest_check(symbol_find(0, &offset) == NULL && symbol_find(UINT64_MAX, &offset) == NULL);
    ktest_check(symbol_is_text(here) && !symbol_is_text((uint64_t)&offset));
}
