// The line discipline on a device that is a buffer.
#include <debug/ktest.h>
#include <lib/string.h>
#include <tty/tty_internal.h>

static struct {
    struct tty tty;
    char shown[1024];           // what went to the device
    size_t size;
    bool throttled;
} fake;

static size_t fake_write(struct tty *tty, const char *text, size_t size) {
    (void)tty;
    size_t room = sizeof fake.shown - 1 - fake.size;
    size_t n = size < room ? size : room;
    memcpy(fake.shown + fake.size, text, n);
    fake.size += n;
    fake.shown[fake.size] = '\0';
    return n;
}

static size_t fake_room(struct tty *tty) {
    (void)tty;
    return sizeof fake.shown - 1 - fake.size;
}

static bool fake_output_empty(struct tty *tty) {
    (void)tty;
    return true;
}

static void fake_throttle(struct tty *tty, bool on) {
    (void)tty;
    fake.throttled = on;
}

static const struct tty_device_ops fake_ops = {
    .write = fake_write, .room = fake_room, .output_empty = fake_output_empty,
    .throttle = fake_throttle,
};

static bool fake_setup(void) {
    fake.size = 0;
    fake.shown[0] = '\0';
    fake.throttled = false;
    return tty_setup(&fake.tty, &fake_ops) == 0;
}

static void fake_free(void) { input_free(&fake.tty.input); }

static void type(const char *text) {
    for (; *text; text++)
        tty_receive(&fake.tty, *text);
}

// Is this what one read of up to `limit` bytes would get?
static bool reads(size_t limit, const char *expected) {
    struct tty_input *input = &fake.tty.input;
    char got[64];
    size_t size = 0;
    bool ended = false;
    while (!ended && size < limit && tty_readable(&fake.tty)) {
        struct input_span span = input_span(input, limit - size, tty_canonical(&fake.tty));
        memcpy(got + size, span.text, span.size);
        size += span.size;
        input_consume(input, span.size);
        ended = span.ends || input_take_end_of_file(input);
    }
    return size == strlen(expected) && !memcmp(got, expected, size);
}

// Types, and compares what is shown and what can be read.
static void check_line(const char *typed, const char *shown, const char *read) {
    ktest_check(fake_setup());
    type(typed);
    ktest_check(!strcmp(fake.shown, shown));
    ktest_check(reads(63, read));
    fake_free();
}

KTEST(tty_echo) {
    check_line("ls\r", "ls\r\n", "ls\n");
    check_line("a\001b\033\n", "a^Ab^[\r\n", "a\001b\033\n");
    check_line("a\026\003\n", "a^\b^C\r\n", "a\003\n");
    check_line("half", "half", "");
}

KTEST(tty_editing) {
    check_line("ab\177c\n", "ab\b \bc\r\n", "ac\n");
    check_line("\177x\n", "x\r\n", "x\n");
    check_line("\001\177x\n", "^A\b \b\b \bx\r\n", "x\n");
    check_line("a\t\177b\n", "a\t\b \b\b \b\b \b\b \b\b \b\b \b\b \bb\r\n", "ab\n");
    check_line("\303\251\177e\n", "\303\251\b \be\r\n", "e\n");
    check_line("two words\027x\n", "two words\b \b\b \b\b \b\b \b\b \bx\r\n", "two x\n");
    check_line("abc\025x\n", "abc\b \b\b \b\b \bx\r\n", "x\n");
    check_line("abc\022d\n", "abc^R\r\nabcd\r\n", "abcd\n");
}

KTEST(tty_end_of_file) {
    ktest_check(fake_setup());
    type("abc\004\004line\n\004");
    ktest_check(reads(3, "abc"));       // and the end of file with it
    ktest_check(tty_readable(&fake.tty) && reads(63, ""));
    ktest_check(reads(2, "li"));
    ktest_check(reads(63, "ne\n"));
    ktest_check(tty_readable(&fake.tty) && reads(63, ""));
    ktest_check(!tty_readable(&fake.tty));
    fake_free();
}

KTEST(tty_modes) {
    ktest_check(fake_setup());
    type("line\nrest");
    fake.tty.termios.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    input_mode_changed(&fake.tty.input, false);
    ktest_check(input_readable(&fake.tty.input) == 9);
    type("\177\004");
    ktest_check(reads(63, "line\nrest\177\004"));
    type("tail");
    fake.tty.termios.c_lflag |= ICANON;
    input_mode_changed(&fake.tty.input, true);
    ktest_check(reads(63, "tail"));
    fake_free();
}

KTEST(tty_interrupt_flushes) {
    ktest_check(fake_setup());
    type("old\nabc\003x\n");
    ktest_check(!strcmp(fake.shown, "old\r\nabc^Cx\r\n"));
    ktest_check(reads(63, "x\n"));
    fake_free();
}

KTEST(tty_flow_control) {
    ktest_check(fake_setup());
    type("\023");
    ktest_check(fake.tty.stopped && fake.size == 0);
    type("\021");
    ktest_check(!fake.tty.stopped);
    type("\023\003");
    ktest_check(!fake.tty.stopped);
    fake_free();
}

// A line without an end may fill the ring, and can still be ended. Full of lines, the ring
// stops the device until it has been read.
KTEST(tty_input_full) {
    ktest_check(fake_setup());
    fake.tty.termios.c_lflag &= ~(tcflag_t)ECHO;
    for (int i = 0; i < TTY_INPUT_SIZE + 100; i++)
        tty_receive(&fake.tty, 'x');
    ktest_check(!fake.throttled);
    type("\n");
    ktest_check(fake.throttled && input_readable(&fake.tty.input) == TTY_INPUT_SIZE);
    input_consume(&fake.tty.input, TTY_INPUT_SIZE);
    tty_flow_update(&fake.tty);
    ktest_check(!fake.throttled);
    fake_free();
}
