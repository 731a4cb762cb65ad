#ifndef PROC_MEMORY_KILLER_H
#define PROC_MEMORY_KILLER_H

#include <stdbool.h>

// Memory and swap are full: kills the process that holds most, with a line that says which and
// why. Never the first process; the shell of the console only if nothing else is left. False if it
// was the caller's own, or there is none. Callable without locks; does not sleep.
bool proc_kill_for_memory(void);

#endif
