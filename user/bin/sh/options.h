/* The options of `set` and of the command line. */
#ifndef SH_OPTIONS_H
#define SH_OPTIONS_H

#include <stdbool.h>

/* Sets an option by its letter or name; false after a message if there is none such. */
bool option_set_letter(char letter, bool on);
bool option_set_name(const char *name, bool on);

/* The builtin. */
int builtin_set(int argc, char **argv);

#endif
