#ifndef PROC_STATUS_H
#define PROC_STATUS_H

#include <stddef.h>

// The table of processes as text, a line each, for /proc/processes: its length.
long proc_status_text(char *buffer, size_t size);

#endif
