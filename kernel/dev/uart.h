// The 16550 UART, by interrupt in both directions.
#ifndef DEV_UART_H
#define DEV_UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Registers, in the mapped window, as the device tree describes them (reg-shift, PLIC source).
struct uart_config {
    volatile uint8_t *base;
    unsigned reg_shift;
    unsigned irq;
};

// Sets the device up and registers its interrupt and the log's sinks.
void uart_init(const struct uart_config *config);

// Received characters go to `receive`, in interrupt context, one call a character; `drained`
// is called in interrupt context when the output ring has become half empty or empty. Both
// may call uart_write.
void uart_attach(void (*receive)(char c), void (*drained)(void));

// Stops (or restarts) the delivery of received characters: they stay in the device, which
// then holds back whoever sends them. Never sleeps.
void uart_throttle(bool on);

// Puts up to `size` characters in the output ring and starts it; how many fitted. Never sleeps.
size_t uart_write(const char *text, size_t size);

// How many characters uart_write would take now.
size_t uart_room(void);

// Has the device taken everything? For tcdrain and power-off.
bool uart_output_empty(void);

// Sends what the ring holds, polling.
void uart_flush(void);

// Straight to the device, after what the ring holds, with interrupts off and without any
// lock; for panic and power-off.
void uart_write_polled(const char *text, size_t size);

// Received characters that were lost, to an overrun or because nobody was attached.
uint64_t uart_lost(void);

#endif
