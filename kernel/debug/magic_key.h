// Keys for a machine that does not answer: after a BREAK on the serial line the next character goes to
// the kernel, in the interrupt, whatever programs and terminals do. (QEMU sends a BREAK for Ctrl-A B.)
#ifndef DEBUG_MAGIC_KEY_H
#define DEBUG_MAGIC_KEY_H

#include <lib/list.h>

struct magic_key {
    char key;
    const char *what;                   // it does, for the list of keys
    void (*act)(void);                  // with interrupts off: must not sleep
    struct list node;
};

// Makes `key` work; it stays. Boot only.
void magic_key_register(struct magic_key *key);

// Does what `c` stands for, or lists the keys.
void magic_key_press(char c);

#endif
