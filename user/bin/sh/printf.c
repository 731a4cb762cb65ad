/* printf: the format is used again as long as there are arguments. */
#include "builtins.h"
#include "mem.h"
#include "out.h"
#include "shell.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct printer {
    char **args; /* the next argument */
    char **end;
    int status;
    bool stopped; /* \c was seen */
};

static const char *next_text(struct printer *printer) {
    return printer->args < printer->end ? *printer->args++ : "";
}

/* A number as C writes it, or a quote and the character whose code is meant. */
static long long next_number(struct printer *printer, bool is_signed) {
    const char *text = next_text(printer);
    long long value;
    char *end;

    if (*text == '"' || *text == '\'')
        return (unsigned char)text[1];
    errno = 0;
    value = is_signed ? strtoll(text, &end, 0) : (long long)strtoull(text, &end, 0);
    if (*end || (end == text && *text) || errno) {
        shell_error("printf: %s: bad number", text);
        printer->status = 1;
    }
    return value;
}

static int octal_escape(const char **text) {
    int value = 0;

    for (int i = 0; i < 3 && **text >= '0' && **text <= '7'; i++)
        value = value * 8 + *(*text)++ - '0';
    return value;
}

/* Writes what the escape at *TEXT, behind its backslash, stands for; false for \c: stop. */
static bool escape_write(const char **text) {
    static const char letters[] = "abefnrtv\\\"'";
    static const char values[] = "\a\b\033\f\n\r\t\v\\\"'";
    char c = **text;
    const char *found;

    if (c == 'c')
        return false;
    if (c >= '0' && c <= '7') {
        out_char(octal_escape(text));
        return true;
    }
    found = c ? strchr(letters, c) : NULL;
    if (found) {
        out_char(values[found - letters]);
        ++*text;
    } else {
        out_char('\\');
    }
    return true;
}

bool escaped_write(const char *text) {
    while (*text) {
        if (*text != '\\') {
            out_char(*text++);
            continue;
        }
        text++;
        if (text[0] == '0' && text[1] >= '0' && text[1] <= '7')
            text++;
        if (!escape_write(&text))
            return false;
    }
    return true;
}

/* Prints one conversion: SPEC is its text up to the letter, without length modifiers. */
static void convert(struct printer *printer, struct strbuf *spec, char letter) {
    char character[2] = {0};

    switch (letter) {
    case 'd':
    case 'i':
        strbuf_add_str(spec, "lld");
        out_format_with(spec->text, next_number(printer, true));
        break;
    case 'o':
    case 'u':
    case 'x':
    case 'X':
        strbuf_add_str(spec, "ll");
        strbuf_add_char(spec, letter);
        out_format_with(spec->text, next_number(printer, false));
        break;
    case 'c':
        character[0] = *next_text(printer);
        strbuf_add_char(spec, 's');
        out_format_with(spec->text, character);
        break;
    case 's':
        strbuf_add_char(spec, 's');
        out_format_with(spec->text, next_text(printer));
        break;
    case 'b':
        printer->stopped = !escaped_write(next_text(printer));
        break;
    default:
        shell_error("printf: %%%c: no such conversion", letter ? letter : ' ');
        printer->status = 1;
        printer->stopped = true;
    }
}

/* Copies flags, width and precision; a `*` takes its number from the arguments. */
static const char *copy_spec(struct printer *printer, const char *format, struct strbuf *spec) {
    char digits[24];

    strbuf_add_char(spec, '%');
    for (; *format && strchr("-+ #0123456789.*", *format); format++) {
        if (*format != '*') {
            strbuf_add_char(spec, *format);
            continue;
        }
        snprintf(digits, sizeof(digits), "%d", (int)next_number(printer, true));
        strbuf_add_str(spec, digits);
    }
    return format;
}

static void print_format(struct printer *printer, const char *format) {
    while (*format && !printer->stopped) {
        struct strbuf spec = {0};

        if (*format == '\\') {
            format++;
            if (!escape_write(&format))
                printer->stopped = true;
        } else if (*format != '%') {
            out_char(*format++);
        } else if (format[1] == '%') {
            out_char('%');
            format += 2;
        } else {
            format = copy_spec(printer, format + 1, &spec);
            convert(printer, &spec, *format);
            format += *format != '\0';
        }
        strbuf_free(&spec);
    }
}

int builtin_printf(int argc, char **argv) {
    int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
    struct printer printer = {.args = argv + first + 1, .end = argv + argc};
    char **before;

    if (argc <= first) {
        shell_error("printf: which format?");
        return 2;
    }
    do {
        before = printer.args;
        print_format(&printer, argv[first]);
    } while (printer.args < printer.end && printer.args > before && !printer.stopped);
    return printer.status;
}
