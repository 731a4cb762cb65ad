#ifndef PROC_MAGIC_KEYS_H
#define PROC_MAGIC_KEYS_H

// Registers the keys p and t: debug/magic_key.h.
void magic_keys_init(void);

#endif
