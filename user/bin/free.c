/* free [-b | -k | -m | -h]: how much memory there is, and how much of it is in use. */
#include <stdio.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"

static char unit = 'k';

static const char *amount_format(unsigned long long bytes, char text[SIZE_TEXT]) {
    if (unit == 'h')
        return size_format(bytes, text);
    int shift = unit == 'b' ? 0 : unit == 'k' ? 10 : 20;
    snprintf(text, SIZE_TEXT, "%llu", bytes >> shift);
    return text;
}

static void row_print(const char *name, const unsigned long long *amounts, int count) {
    printf("%-6s", name);
    for (int i = 0; i < count; i++) {
        char text[SIZE_TEXT];
        printf(" %12s", amount_format(amounts[i], text));
    }
    putchar('\n');
}

int main(int argc, char **argv) {
    struct sysinfo info;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "bkmh")) != -1) {
        if (option == '?')
            cmd_usage("[-b | -k | -m | -h]");
        unit = option;
    }
    if (sysinfo(&info) < 0)
        cmd_die_errno("cannot ask the kernel");
    unsigned long long scale = info.mem_unit ? info.mem_unit : 1;
    unsigned long long memory[] = { info.totalram * scale,
                                    (info.totalram - info.freeram) * scale,
                                    info.freeram * scale, info.bufferram * scale };
    unsigned long long swap[] = { info.totalswap * scale,
                                  (info.totalswap - info.freeswap) * scale,
                                  info.freeswap * scale };
    printf("%-6s %12s %12s %12s %12s\n", "", "total", "used", "free", "buffers");
    row_print("Mem:", memory, 4);
    row_print("Swap:", swap, 3);
    return cmd_end(0);
}
