// snprintf's corners, memory functions at all alignments, and the bit counters.
#include <debug/ktest.h>
#include <lib/format.h>
#include <lib/string.h>
#include <stdint.h>

static char out[128];

#define FORMATS(expected, ...)                                                          \
    ktest_check(snprintf(out, sizeof out, __VA_ARGS__) == (int)sizeof(expected) - 1 &&  \
                !strcmp(out, expected))

KTEST(format_integers) {
    FORMATS("0 -1 2147483647 -2147483648", "%d %d %d %d", 0, -1, INT32_MAX, INT32_MIN);
    FORMATS("-9223372036854775808", "%ld", (long)INT64_MIN);
    FORMATS("18446744073709551615", "%lu", UINT64_MAX);
    FORMATS("ffffffffffffffff", "%lx", UINT64_MAX);
    FORMATS("1777777777777777777777", "%lo", UINT64_MAX);
    FORMATS("-1 255 -1 65535", "%hhd %hhu %hd %hu", (signed char)-1, (unsigned char)-1, (short)-1,
            (unsigned short)-1);
    FORMATS("0x1f 0X1F 037 0", "%#x %#X %#o %#x", 31, 31, 31, 0);
    FORMATS("+5  5 -5", "%+d % d % d", 5, 5, -5);
    FORMATS("[   42][42   ][00042]", "[%5d][%-5d][%05d]", 42, 42, 42);
    FORMATS("[  007][007  ][-0042]", "[%5.3d][%-5.3d][%05d]", 7, 7, -42);
    FORMATS("[   ][]", "[%3.0d][%.0d]", 0, 0);
    FORMATS("[   7][7   ]", "[%*d][%*d]", 4, 7, -4, 7);
}

KTEST(format_text) {
    const char *volatile nothing = NULL;
    FORMATS("abc [  abc] [abc  ] [ab]", "%s [%5s] [%-5s] [%.2s]", "abc", "abc", "abc", "abc");
    FORMATS("(null)", "%s", nothing);
    FORMATS("x%y", "x%%y");
    FORMATS("c  c", "%c%3c", 'c', 'c');
    FORMATS("0x1000", "%p", (void *)0x1000);
    FORMATS("", "%s", "");
}

KTEST(format_cut) {
    char small[5] = "zzzz";
    ktest_check(snprintf(small, sizeof small, "%s", "abcdefgh") == 8 && !strcmp(small, "abcd"));
    ktest_check(snprintf(small, 1, "%d", 12345) == 5 && small[0] == 0);
    small[0] = 'q';
    ktest_check(snprintf(small, 0, "%d", 12345) == 5 && small[0] == 'q');
}

KTEST(string_all_alignments) {
    static unsigned char from[96], to[96], model[96];
    for (unsigned i = 0; i < sizeof from; i++)
        from[i] = i * 7 + 1;
    bool copied = true, moved = true, filled = true;
    for (unsigned a = 0; a < 9; a++)
        for (unsigned b = 0; b < 9; b++)
            for (unsigned size = 0; size < 70; size++) {
                memset(to, 0xee, sizeof to);
                memcpy(to + a, from + b, size);
                for (unsigned i = 0; i < sizeof to; i++)
                    copied &= to[i] == (i >= a && i < a + size ? from[b + i - a] : 0xee);
                for (unsigned i = 0; i < sizeof to; i++)
                    to[i] = model[i] = i;
                memmove(to + a, to + b, size);
                for (unsigned i = 0; i < size; i++)
                    model[a + i] = b + i;
                moved &= !memcmp(to, model, sizeof to);
                memset(to + a, b, size);
                for (unsigned i = 0; i < size; i++)
                    model[a + i] = b;
                filled &= !memcmp(to, model, sizeof to);
            }
    ktest_check(copied && moved && filled);
}

int __ctzdi2(unsigned long value);
int __clzdi2(unsigned long value);
int __popcountdi2(unsigned long value);

KTEST(bits_counted) {
    for (int bit = 0; bit < 64; bit++) {
        unsigned long value = 1ul << bit;
        ktest_check(__ctzdi2(value) == bit && __clzdi2(value) == 63 - bit);
        ktest_check(__ctzdi2(-value) == bit && __clzdi2(value | (value - 1)) == 63 - bit);
        ktest_check(__popcountdi2(value - 1) == bit && __popcountdi2(-value) == 64 - bit);
    }
    ktest_check(__popcountdi2(0) == 0 && __popcountdi2(0x123456789abcdef) == 32);
}
