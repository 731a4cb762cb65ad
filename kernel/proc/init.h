#ifndef PROC_INIT_H
#define PROC_INIT_H

// Makes the first process out of the command line's `init=` (a path and its arguments, blanks
// between them, quotes honoured; "/bin/init" if empty). It starts when the scheduler runs. Panics
// if memory is out; a program that cannot be run ends the machine with one clear line.
void proc_start_init(const char *command);

#endif
