/*
 * stty [-F DEVICE] [-a | -g | SETTING...]: shows or changes a terminal's settings and window size.
 *
 *     [-]NAME           a flag, as -a shows it: echo, -icanon, ...
 *     NAME CHARACTER    a key: ^C, a letter, or undef
 *     rows N, cols N, min N, time N, size
 *     raw, cooked, sane, and what -g printed
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "common/cmd.h"

#define USAGE "[-F DEVICE] [-a | -g | SETTING...]"
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { IFLAG, OFLAG, CFLAG, LFLAG };

/* `sane`: what the flag is after `stty sane`. */
static const struct flag {
    const char *name;
    int field;
    tcflag_t bit;
    bool sane;
} flags[] = {
    { "istrip", IFLAG, ISTRIP, false },   { "inlcr", IFLAG, INLCR, false },
    { "igncr", IFLAG, IGNCR, false },     { "icrnl", IFLAG, ICRNL, true },
    { "ixon", IFLAG, IXON, true },        { "ixany", IFLAG, IXANY, false },
    { "imaxbel", IFLAG, IMAXBEL, true },  { "iutf8", IFLAG, IUTF8, true },
    { "opost", OFLAG, OPOST, true },      { "onlcr", OFLAG, ONLCR, true },
    { "cread", CFLAG, CREAD, true },      { "clocal", CFLAG, CLOCAL, true },
    { "hupcl", CFLAG, HUPCL, false },     { "isig", LFLAG, ISIG, true },
    { "icanon", LFLAG, ICANON, true },    { "iexten", LFLAG, IEXTEN, true },
    { "echo", LFLAG, ECHO, true },        { "echoe", LFLAG, ECHOE, true },
    { "echok", LFLAG, ECHOK, true },      { "echonl", LFLAG, ECHONL, false },
    { "echoctl", LFLAG, ECHOCTL, true },  { "echoke", LFLAG, ECHOKE, true },
    { "noflsh", LFLAG, NOFLSH, false },   { "tostop", LFLAG, TOSTOP, false },
};

static const struct key {
    const char *name;
    int index;
    cc_t sane;
} keys[] = {
    { "intr", VINTR, 'C' & 31 },    { "quit", VQUIT, '\\' & 31 },   { "erase", VERASE, 0x7f },
    { "kill", VKILL, 'U' & 31 },    { "eof", VEOF, 'D' & 31 },      { "eol", VEOL, 0 },
    { "eol2", VEOL2, 0 },           { "start", VSTART, 'Q' & 31 },  { "stop", VSTOP, 'S' & 31 },
    { "susp", VSUSP, 'Z' & 31 },    { "rprnt", VREPRINT, 'R' & 31 },
    { "werase", VWERASE, 'W' & 31 }, { "lnext", VLNEXT, 'V' & 31 },
};

static struct termios settings;
static struct winsize window;
static bool window_changed;
static int terminal = STDIN_FILENO;

static tcflag_t *field(int which) {
    tcflag_t *fields[] = { &settings.c_iflag, &settings.c_oflag, &settings.c_cflag,
                           &settings.c_lflag };
    return fields[which];
}

static void flag_set(const struct flag *flag, bool on) {
    *field(flag->field) = (*field(flag->field) & ~flag->bit) | (on ? flag->bit : 0);
}

static bool flag_named(const char *word) {
    bool on = word[0] != '-';
    for (size_t i = 0; i < COUNT(flags); i++)
        if (strcmp(flags[i].name, word + !on) == 0) {
            flag_set(&flags[i], on);
            return true;
        }
    return false;
}

static void settings_sane(void) {
    for (size_t i = 0; i < COUNT(flags); i++)
        flag_set(&flags[i], flags[i].sane);
    for (size_t i = 0; i < COUNT(keys); i++)
        settings.c_cc[keys[i].index] = keys[i].sane;
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
}

static void settings_cooked(void) {
    const char *const words[] = { "icrnl", "ixon", "opost", "isig", "icanon", "iexten", "echo" };
    for (size_t i = 0; i < COUNT(words); i++)
        flag_named(words[i]);
}

static cc_t key_parse(const char *text) {
    if (strcmp(text, "undef") == 0 || strcmp(text, "^-") == 0)
        return _POSIX_VDISABLE;
    if (text[0] == '^' && text[1] && !text[2])
        return text[1] == '?' ? 0x7f : text[1] & 31;
    if (!text[0] || text[1])
        cmd_die("%s: not a character", text);
    return text[0];
}

static const char *key_text(cc_t key) {
    static char text[4];
    if (key == _POSIX_VDISABLE)
        return "<undef>";
    if (key < ' ' || key == 0x7f)
        snprintf(text, sizeof(text), "^%c", key ^ 0x40);
    else
        snprintf(text, sizeof(text), "%c", key);
    return text;
}

static unsigned number_parse(const char *text, unsigned limit) {
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (!*text || *end || number > limit)
        cmd_die("%s: not a number up to %u", text, limit);
    return number;
}

/* A setting that has a value: did `word` name one? */
static bool value_named(const char *word, const char *value) {
    for (size_t i = 0; i < COUNT(keys); i++)
        if (strcmp(keys[i].name, word) == 0) {
            settings.c_cc[keys[i].index] = key_parse(value);
            return true;
        }
    if (strcmp(word, "rows") == 0)
        window.ws_row = number_parse(value, 65535), window_changed = true;
    else if (strcmp(word, "cols") == 0 || strcmp(word, "columns") == 0)
        window.ws_col = number_parse(value, 65535), window_changed = true;
    else if (strcmp(word, "min") == 0)
        settings.c_cc[VMIN] = number_parse(value, 255);
    else if (strcmp(word, "time") == 0)
        settings.c_cc[VTIME] = number_parse(value, 255);
    else
        return false;
    return true;
}

/* What -g prints: four flag words and the keys, in hexadecimal. */
static void saved_print(void) {
    for (int i = 0; i < 4; i++)
        printf("%x:", *field(i));
    for (int i = 0; i < NCCS; i++)
        printf(i + 1 < NCCS ? "%x:" : "%x\n", settings.c_cc[i]);
}

static bool saved_named(const char *word) {
    unsigned long values[4 + NCCS];
    char *end = (char *)word;
    for (size_t i = 0; i < COUNT(values); i++) {
        values[i] = strtoul(word, &end, 16);
        if (end == word || *end != (i + 1 < COUNT(values) ? ':' : '\0'))
            return false;
        word = end + 1;
    }
    for (int i = 0; i < 4; i++)
        *field(i) = values[i];
    for (int i = 0; i < NCCS; i++)
        settings.c_cc[i] = values[4 + i];
    return true;
}

static bool word_named(const char *word) {
    if (strcmp(word, "sane") == 0)
        settings_sane();
    else if (strcmp(word, "raw") == 0 || strcmp(word, "-cooked") == 0)
        cfmakeraw(&settings);
    else if (strcmp(word, "cooked") == 0 || strcmp(word, "-raw") == 0)
        settings_cooked();
    else if (strcmp(word, "size") == 0)
        printf("%u %u\n", window.ws_row, window.ws_col);
    else
        return flag_named(word) || saved_named(word);
    return true;
}

static void settings_change(char **words) {
    while (*words) {
        if (words[1] && value_named(words[0], words[1]))
            words += 2;
        else if (word_named(words[0]))
            words++;
        else
            cmd_die("%s: no such setting, or its value is missing", words[0]);
    }
    if (tcsetattr(terminal, TCSADRAIN, &settings) < 0 ||
        (window_changed && ioctl(terminal, TIOCSWINSZ, &window) < 0))
        cmd_die_errno("cannot change the settings");
}

/* What stands before the next of the words on lines of `width`. */
static const char *between(size_t shown, size_t width) {
    return shown == 0 ? "" : shown % width ? " " : "\n";
}

/* Everything, or what is not as `sane` has it. */
static void settings_print(bool all) {
    size_t shown = 0;
    printf("rows %u; columns %u; min %u; time %u;\n", window.ws_row, window.ws_col,
           settings.c_cc[VMIN], settings.c_cc[VTIME]);
    for (size_t i = 0; i < COUNT(keys); i++)
        if (all || settings.c_cc[keys[i].index] != keys[i].sane)
            printf("%s%s = %s;", between(shown++, 7), keys[i].name,
                   key_text(settings.c_cc[keys[i].index]));
    fputs(shown ? "\n" : "", stdout);
    shown = 0;
    for (size_t i = 0; i < COUNT(flags); i++) {
        bool on = *field(flags[i].field) & flags[i].bit;
        if (all || on != flags[i].sane)
            printf("%s%s%s", between(shown++, 8), on ? "" : "-", flags[i].name);
    }
    fputs(shown ? "\n" : "", stdout);
}

int main(int argc, char **argv) {
    cmd_begin(argv, 1);
    argv++, argc--;
    if (argc > 1 && strcmp(argv[0], "-F") == 0) {
        terminal = open(argv[1], O_RDWR | O_NONBLOCK | O_NOCTTY);
        if (terminal < 0)
            cmd_die_errno("%s", argv[1]);
        argv += 2, argc -= 2;
    }
    if (argc && strcmp(argv[0], "-?") == 0)
        cmd_usage(USAGE);
    if (tcgetattr(terminal, &settings) < 0 || ioctl(terminal, TIOCGWINSZ, &window) < 0)
        cmd_die_errno("no terminal");
    if (argc == 1 && strcmp(argv[0], "-g") == 0)
        saved_print();
    else if (argc == 0 || (argc == 1 && strcmp(argv[0], "-a") == 0))
        settings_print(argc == 1);
    else
        settings_change(argv);
    return cmd_end(0);
}
