// The terminal on the UART, and the names under which programs find it.
#include <abi/errno.h>
#include <debug/panic.h>
#include <dev/uart.h>
#include <fs/device.h>
#include <fs/file.h>
#include <proc/proc.h>
#include <tty/tty_internal.h>

static struct tty console;

static size_t console_write(struct tty *tty, const char *text, size_t size) {
    (void)tty;
    return uart_write(text, size);
}

static size_t console_room(struct tty *tty) {
    (void)tty;
    return uart_room();
}

static bool console_output_empty(struct tty *tty) {
    (void)tty;
    return uart_output_empty();
}

static void console_throttle(struct tty *tty, bool on) {
    (void)tty;
    uart_throttle(on);
}

static const struct tty_device_ops console_ops = {
    .write = console_write,
    .room = console_room,
    .output_empty = console_output_empty,
    .throttle = console_throttle,
};

static void console_receive(char c) { tty_receive(&console, c); }
static void console_drained(void) { tty_drained(&console); }

// /dev/console is never taken as a controlling terminal by being opened, as on Linux: the
// first process has it, and whoever it starts may want it.
static int console_open(struct inode *inode, struct file *file) {
    (void)inode;
    return tty_file_open(&console, file, true);
}

static int serial_open(struct inode *inode, struct file *file) {
    (void)inode;
    return tty_open(&console, file);
}

static int current_open(struct inode *inode, struct file *file) {
    (void)inode;
    struct tty *tty = proc_session_tty_hold(tty_hold);
    if (!tty)
        return -ENXIO;
    int error = tty_file_open(tty, file, false);
    tty_put(tty);
    return error ? -ENXIO : 0;
}

#define TERMINAL_FILE_OPS(its_open) \
    { .read = tty_read, .write = tty_write, .ioctl = tty_ioctl, .poll = tty_poll, \
      .open = its_open, .release = tty_file_release }
static const struct file_ops console_file_ops = TERMINAL_FILE_OPS(console_open);
static const struct file_ops serial_file_ops = TERMINAL_FILE_OPS(serial_open);
static const struct file_ops current_file_ops = TERMINAL_FILE_OPS(current_open);

void tty_init(void) {
    if (tty_setup(&console, &console_ops))
        panic("no memory for the console at boot");
    console.number = DEVICE_NUMBER(4, 64);
    proc_session_end = tty_session_end;
    proc_tty_look = tty_look;
    uart_attach(console_receive, console_drained);
    char_device_register("console", DEVICE_NUMBER(5, 1), 0600, &console_file_ops);
    char_device_register("tty", DEVICE_NUMBER(5, 0), 0666, &current_file_ops);
    char_device_register("ttyS0", DEVICE_NUMBER(4, 64), 0620, &serial_file_ops);
    pty_init();
}
