// Output goes through a ring: a writer fills it and the transmitter's interrupt, which comes
// when the device's FIFO is empty, moves the next few characters from the ring to the FIFO.
// The interrupt is enabled exactly while the ring or the FIFO holds something.
#include <debug/log.h>
#include <debug/magic_key.h>
#include <dev/plic.h>
#include <dev/uart.h>
#include <riscv/csr.h>
#include <sync/spinlock.h>

// PC16550D data sheet, table II: registers and the bits that are used here.
enum { RBR = 0, THR = 0, IER = 1, IIR = 2, FCR = 2, LCR = 3, MCR = 4, LSR = 5 };
enum { IER_RECEIVE = 1, IER_TRANSMIT = 2 };
enum { FCR_ENABLE = 1, FCR_CLEAR = 6 };
enum { LCR_8N1 = 3 };
enum { MCR_DTR_RTS_OUT2 = 0x0b };
enum { LSR_READY = 1, LSR_OVERRUN = 2, LSR_BREAK = 0x10, LSR_TRANSMIT_EMPTY = 0x20 };
enum { FIFO_SIZE = 16 };

enum { RING_SIZE = 8192 };              // a power of 2
enum { POLLS_MAX = 10000000 };          // a device that stays full this long is dead

static struct {
    struct spinlock lock;       // guards the device and the ring
    struct uart_config config;
    bool transmitting;          // the transmitter's interrupt is enabled
    bool throttled;             // the receiver's is not
    bool breaking;              // a BREAK is in the FIFO
    bool magic;                 // ... was the last that came; the interrupt's own
    uint32_t head, tail;        // of the ring, counted without end; head - tail are used
    uint64_t lost;
    void (*receive)(char c);
    void (*drained)(void);
    char ring[RING_SIZE];
} uart = { .lock = SPINLOCK_INIT("uart") };

static uint8_t uart_read_register(unsigned number) {
    return uart.config.base[number << uart.config.reg_shift];
}

static void uart_write_register(unsigned number, uint8_t value) {
    uart.config.base[number << uart.config.reg_shift] = value;
}

// Moves up to a FIFO full from the ring to the FIFO, which must be empty.
static void fifo_fill(void) {
    for (int i = 0; i < FIFO_SIZE && uart.tail != uart.head; i++)
        uart_write_register(THR, (uint8_t)uart.ring[uart.tail++ % RING_SIZE]);
}

static void interrupts_enable(void) {
    uart_write_register(IER, (uint8_t)((uart.throttled ? 0 : IER_RECEIVE) |
                                       (uart.transmitting ? IER_TRANSMIT : 0)));
}

static void transmit_enable(bool on) {
    uart.transmitting = on;
    interrupts_enable();
}

// Waits, polling, for the FIFO to be empty: false if the device does not.
static bool fifo_wait(void) {
    for (unsigned polls = 0; polls < POLLS_MAX; polls++) {
        if (uart_read_register(LSR) & LSR_TRANSMIT_EMPTY)
            return true;
        hart_relax();
    }
    return false;
}

// Puts as much as fits in the ring. uart.lock is held.
static size_t ring_put(const char *text, size_t size) {
    size_t n = 0;
    while (n < size && uart.head - uart.tail < RING_SIZE)
        uart.ring[uart.head++ % RING_SIZE] = text[n++];
    if (n && !uart.transmitting) {
        if (uart_read_register(LSR) & LSR_TRANSMIT_EMPTY)
            fifo_fill();
        transmit_enable(true);
    }
    return n;
}

size_t uart_write(const char *text, size_t size) {
    spin_lock(&uart.lock);
    size_t n = ring_put(text, size);
    spin_unlock(&uart.lock);
    return n;
}

size_t uart_room(void) {
    spin_lock(&uart.lock);
    size_t room = RING_SIZE - (uart.head - uart.tail);
    spin_unlock(&uart.lock);
    return room;
}

bool uart_output_empty(void) {
    spin_lock(&uart.lock);
    bool empty = uart.head == uart.tail && (uart_read_register(LSR) & LSR_TRANSMIT_EMPTY);
    spin_unlock(&uart.lock);
    return empty;
}

void uart_flush(void) {
    spin_lock(&uart.lock);
    while (uart.tail != uart.head && fifo_wait())
        fifo_fill();
    spin_unlock(&uart.lock);
}

uint64_t uart_lost(void) { return __atomic_load_n(&uart.lost, __ATOMIC_RELAXED); }

// One character of the log, for which the ring must have room whatever happens.
static void log_put(char c) {
    while (!ring_put(&c, 1) && fifo_wait())
        fifo_fill();
}

// The log's sink. Its lines end in \n alone, which a terminal wants as \r\n.
static void uart_log_write(const char *text, size_t size) {
    spin_lock(&uart.lock);
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\n')
            log_put('\r');
        log_put(text[i]);
    }
    spin_unlock(&uart.lock);
}

void uart_write_polled(const char *text, size_t size) {
    bool were_on = irq_disable();
    while (uart.tail != uart.head && fifo_wait())
        fifo_fill();
    for (size_t i = 0; i < size && fifo_wait(); i++)
        uart_write_register(THR, (uint8_t)text[i]);
    irq_restore(were_on);
}

static void uart_log_write_polled(const char *text, size_t size) {
    size_t start = 0;
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\n') {
            uart_write_polled(text + start, i - start);
            uart_write_polled("\r", 1);
            start = i;
        }
    uart_write_polled(text + start, size - start);
}

#define RECEIVED_NOTHING (-1)
#define RECEIVED_BREAK   (-2)

// The next received character, or one of these.
static int receive_next(void) {
    int c = RECEIVED_NOTHING;
    spin_lock(&uart.lock);
    uint8_t status = uart_read_register(LSR);
    if (status & LSR_OVERRUN)
        uart.lost++;
    if ((status & LSR_READY) && !uart.throttled)
        c = uart_read_register(RBR);
    // It stands in the FIFO as a NUL; QEMU shows the bit while other characters are still before it.
    uart.breaking |= !!(status & LSR_BREAK);
    if (c == 0 && uart.breaking) {
        uart.breaking = false;
        c = RECEIVED_BREAK;
    }
    if (c >= 0 && !uart.receive)
        uart.lost++;
    spin_unlock(&uart.lock);
    return c;
}

// The character behind a BREAK is the kernel's own.
static void deliver(int c) {
    if (c == RECEIVED_BREAK) {
        uart.magic = true;
    } else if (uart.magic) {
        uart.magic = false;
        magic_key_press((char)c);
    } else if (uart.receive) {
        uart.receive((char)c);
    }
}

// Refills the FIFO if it is empty; true when whoever waits for room should look.
static bool transmit_next(void) {
    spin_lock(&uart.lock);
    uint32_t before = uart.head - uart.tail;
    bool drained = false;
    if (uart.transmitting && (uart_read_register(LSR) & LSR_TRANSMIT_EMPTY)) {
        fifo_fill();
        uint32_t after = uart.head - uart.tail;
        if (before == 0)
            transmit_enable(false);
        drained = before == 0 || (before > RING_SIZE / 2 && after <= RING_SIZE / 2);
    }
    spin_unlock(&uart.lock);
    return drained;
}

static void uart_interrupt(void *argument) {
    (void)argument;
    int c;
    (void)uart_read_register(IIR);      // acknowledges the transmitter's interrupt
    while ((c = receive_next()) != RECEIVED_NOTHING)
        deliver(c);
    if (transmit_next() && uart.drained)
        uart.drained();
}

void uart_attach(void (*receive)(char c), void (*drained)(void)) {
    spin_lock(&uart.lock);
    uart.receive = receive;
    uart.drained = drained;
    spin_unlock(&uart.lock);
}

void uart_throttle(bool on) {
    spin_lock(&uart.lock);
    uart.throttled = on;
    interrupts_enable();
    spin_unlock(&uart.lock);
}

void uart_init(const struct uart_config *config) {
    uart.config = *config;
    uart_write_register(IER, 0);
    uart_write_register(LCR, LCR_8N1);
    uart_write_register(FCR, FCR_ENABLE | FCR_CLEAR);
    uart_write_register(MCR, MCR_DTR_RTS_OUT2);
    (void)uart_read_register(RBR);
    plic_register(config->irq, "uart", uart_interrupt, NULL);
    interrupts_enable();
    log_sink_set(uart_log_write, uart_log_write_polled);
}
