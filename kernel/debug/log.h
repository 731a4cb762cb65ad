// The kernel's log: lines for whoever watches the console.
#ifndef DEBUG_LOG_H
#define DEBUG_LOG_H

#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

// Keeps one line, and prints it if `level` is at or below the current level (loglevel= on the
// kernel's command line). Never sleeps; callable from interrupts and with locks held, except the
// console driver's own. No newline at the end: log adds it.
void log_print(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define log_error(...)   log_print(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_print(LOG_WARNING, __VA_ARGS__)
#define log_info(...)    log_print(LOG_INFO, __VA_ARGS__)
#define log_debug(...)   log_print(LOG_DEBUG, __VA_ARGS__)

void log_level_set(enum log_level level);

// What was logged is kept, the last LOG_SIZE bytes of it, for whoever reads it later (dmesg): whole
// lines, each behind "<PRIORITY>" as syslog writes it. log_last gives the position of the first of
// the last lines that fit into `size` bytes; log_read copies what follows *position, moves it on, and
// returns how much that was: 0 at the end. log_clear makes readers begin after what is there now.
#define LOG_SIZE 16384
uint64_t log_last(size_t size);
size_t log_read(uint64_t *position, char *to, size_t size);
void log_clear(void);

// Where lines go: `write` for normal operation (may queue, must not sleep), `write_polled`
// for a panic (must work with every other hart stopped and interrupts off). Until a driver
// calls this, both are the firmware's console.
void log_sink_set(void (*write)(const char *text, size_t size),
                  void (*write_polled)(const char *text, size_t size));

// Raw text to the polled sink; used by panic.
void log_write_polled(const char *text, size_t size);

#endif
