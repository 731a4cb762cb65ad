#include <abi/errno.h>
#include <debug/log.h>
#include <lib/format.h>
#include <lib/string.h>
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

// The last lines, each behind its priority as syslog writes it: "<6>". Positions count all bytes that
// were ever put in, so the byte of position p is ring[p % LOG_SIZE].
static char ring[LOG_SIZE];
static uint64_t ring_end, ring_cleared;

static const char priorities[][4] = {
    [LOG_ERROR] = "<3>", [LOG_WARNING] = "<4>", [LOG_INFO] = "<6>", [LOG_DEBUG] = "<7>",
};
#define PREFIX 3

static void ring_put(const char *line, size_t length) {
    for (size_t i = 0; i < length; i++)
        ring[ring_end++ % LOG_SIZE] = line[i];
}

void log_sink_set(void (*write)(const char *, size_t),
                  void (*write_polled)(const char *, size_t)) {
    sink = write;
    sink_polled = write_polled;
}

void log_level_set(enum log_level level) { limit = level; }

void log_write_polled(const char *text, size_t size) { sink_polled(text, size); }

void log_print(enum log_level level, const char *format, ...) {
    char line[PREFIX + 256];
    memcpy(line, priorities[level], PREFIX);
    va_list arguments;
    va_start(arguments, format);
    int length = PREFIX + vsnprintf(line + PREFIX, sizeof line - PREFIX - 1, format, arguments);
    va_end(arguments);
    if (length > (int)sizeof line - 2)
        length = sizeof line - 2;
    line[length++] = '\n';
    // One line at a time, so that two harts' lines do not mix.
    spin_lock(&log_lock);
    ring_put(line, length);
    if (level <= limit)
        sink(line + PREFIX, length - PREFIX);
    spin_unlock(&log_lock);
}

static uint64_t ring_start(void) {
    uint64_t oldest = ring_end > LOG_SIZE ? ring_end - LOG_SIZE : 0;
    return oldest > ring_cleared ? oldest : ring_cleared;
}

uint64_t log_last(size_t size) {
    spin_lock(&log_lock);
    uint64_t from = ring_start();
    bool whole = from == ring_cleared;      // a line begins there
    if (ring_end - from > size) {
        from = ring_end - size;
        whole = false;
    }
    while (!whole && from < ring_end)
        whole = ring[from++ % LOG_SIZE] == '\n';
    spin_unlock(&log_lock);
    return from;
}

size_t log_read(uint64_t *position, char *to, size_t size) {
    spin_lock(&log_lock);
    uint64_t from = *position > ring_start() ? *position : ring_start();
    size_t done = 0;
    while (done < size && from < ring_end)
        to[done++] = ring[from++ % LOG_SIZE];
    spin_unlock(&log_lock);
    *position = from;
    return done;
}

void log_clear(void) {
    spin_lock(&log_lock);
    ring_cleared = ring_end;
    spin_unlock(&log_lock);
}
