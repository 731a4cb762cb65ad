/* Users and groups by name: /etc/passwd and /etc/group, where they exist. */
#ifndef BIN_COMMON_USERS_H
#define BIN_COMMON_USERS_H

#include <stdbool.h>

/* The name of an id, or the number in decimal. Valid until the next call for another id. */
const char *user_name(unsigned id);
const char *group_name(unsigned id);

/* The id behind a name or a decimal number. */
bool user_find(const char *name, unsigned *id);
bool group_find(const char *name, unsigned *id);

#endif
