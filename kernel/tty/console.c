// The terminal on the UART, and the names under which programs find it.
#include <abi/errno.h>
#include <abi/fcntl.h>
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
    file->private = &console;
    return 0;
}

// A session leader without a terminal gets the first one that it opens by its own name.
static int serial_open(struct inode *inode, struct file *file) {
    (void)inode;
    file->private = &console;
    if (!(file->flags & O_NOCTTY)) {
        // Not getting it is no error: the terminal, or the caller, may have another.
        int error = tty_session_take(&console, false);
        (void)error;
    }
    return 0;
}

static int current_open(struct inode *inode, struct file *file) {
    (void)inode;
    file->private = proc_session_tty();
    return file->private ? 0 : -ENXIO;
}

static const struct file_ops console_file_ops = {
    .read = tty_read, .write = tty_write, .ioctl = tty_ioctl, .poll = tty_poll,
    .open = console_open,
};

static const struct file_ops serial_file_ops = {
    .read = tty_read, .write = tty_write, .ioctl = tty_ioctl, .poll = tty_poll,
    .open = serial_open,
};

static const struct file_ops current_file_ops = {
    .read = tty_read, .write = tty_write, .ioctl = tty_ioctl, .poll = tty_poll,
    .open = current_open,
};

static const struct termios termios_usual = {
    .c_iflag = ICRNL | IXON | IMAXBEL | IUTF8,
    .c_oflag = OPOST | ONLCR,
    .c_cflag = B115200 | CS8 | CREAD | CLOCAL,
    .c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
    .c_cc = {
        [VINTR] = 'C' & 0x1f, [VQUIT] = '\\' & 0x1f, [VERASE] = 0x7f, [VKILL] = 'U' & 0x1f,
        [VEOF] = 'D' & 0x1f, [VMIN] = 1, [VSTART] = 'Q' & 0x1f, [VSTOP] = 'S' & 0x1f,
        [VSUSP] = 'Z' & 0x1f, [VREPRINT] = 'R' & 0x1f, [VWERASE] = 'W' & 0x1f,
        [VLNEXT] = 'V' & 0x1f,
    },
};

int tty_setup(struct tty *tty, const struct tty_device_ops *ops, void *device) {
    *tty = (struct tty){
        .ops = ops, .device = device, .termios = termios_usual,
        .window = { .ws_row = 24, .ws_col = 80 },
    };
    spin_init(&tty->lock, "tty");
    wait_queue_init(&tty->readers, "terminal input");
    wait_queue_init(&tty->writers, "terminal output");
    wait_queue_init(&tty->turn, "terminal");
    return input_init(&tty->input);
}

void tty_init(void) {
    if (tty_setup(&console, &console_ops, NULL))
        panic("no memory for the console at boot");
    console.number = DEVICE_NUMBER(4, 64);
    proc_session_end = tty_session_end;
    proc_tty_look = tty_look;
    uart_attach(console_receive, console_drained);
    char_device_register("console", DEVICE_NUMBER(5, 1), 0600, &console_file_ops);
    char_device_register("tty", DEVICE_NUMBER(5, 0), 0666, &current_file_ops);
    char_device_register("ttyS0", DEVICE_NUMBER(4, 64), 0620, &serial_file_ops);
}
