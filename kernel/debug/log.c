#include <abi/errno.h>
#include <debug/log.h>
#include <lib/format.h>
#include <riscv/sbi.h>
#include <stdarg.h>
#include <sync/spinlock.h>

static void firmware_write(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++)
        sbi_putchar(text[i]);           // firmware adds the carriage returns
}

static void (*sink)(const char *, size_t) = firmware_write;
static void (*sink_polled)(const char *, size_t) = firmware_write;
static enum log_level limit = LOG_INFO;
static struct spinlock log_lock = SPINLOCK_INIT("log");

void log_sink_set(void (*write)(const char *, size_t),
                  void (*write_polled)(const char *, size_t)) {
    sink = write;
    sink_polled = write_polled;
}

void log_level_set(enum log_level level) { limit = level; }

void log_write_polled(const char *text, size_t size) { sink_polled(text, size); }

void log_print(enum log_level level, const char *format, ...) {
    if (level > limit)
        return;
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (length > (int)sizeof line - 2)
        length = sizeof line - 2;
    line[length++] = '\n';
    // One line at a time, so that two harts' lines do not mix.
    spin_lock(&log_lock);
    sink(line, length);
    spin_unlock(&log_lock);
}
