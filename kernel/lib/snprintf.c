/*
 * The kernel's snprintf: the shared engine without floating point.
 */
#include "lib/format.h"

int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap) {
    return format_buffer(buf, size, NULL, fmt, ap);
}

int snprintf(char *buf, size_t size, const char *fmt, ...) {
    va_list ap;
    int total;

    va_start(ap, fmt);
    total = vsnprintf(buf, size, fmt, ap);
    va_end(ap);
    return total;
}
