/*
 * Names of signals, as people write them.
 */
#ifndef BIN_SIGNAL_NAME_H
#define BIN_SIGNAL_NAME_H

/* "INT", "SIGINT", in any case, or a number from 0 to 64; -1 for anything else. */
int signal_from_name(const char *text);

/* The name without SIG; NULL for 0 and for the numbers that have none, as real-time signals. */
const char *signal_to_name(int number);

#endif
