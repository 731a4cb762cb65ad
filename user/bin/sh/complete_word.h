/* Between complete.c and complete_word.c: the word before the cursor. */
#ifndef SH_COMPLETE_WORD_H
#define SH_COMPLETE_WORD_H

#include "mem.h"

struct typed_word {
    const char *text;     /* without its quotes */
    char quote;           /* ' or " if the cursor is inside such, else 0 */
    bool is_command;      /* a command's name is expected here */
    const char *variable; /* what follows the last $ or ${ if only a name does, else NULL */
    bool braced;          /* ${ */
};

/* What stands between the beginning of a word and the end of the LEN bytes of LINE. */
struct typed_word typed_word_find(const char *line, size_t len, struct arena *arena);

#endif
