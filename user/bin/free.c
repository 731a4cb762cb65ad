/* free [-b | -k | -m | -h]: how much memory there is, and what it is used for. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"
#include "common/slurp.h"

static char unit = 'k';

static const char *amount_format(long long kib, char text[SIZE_TEXT]) {
    if (unit == 'h')
        return size_format(kib * 1024ull, text);
    snprintf(text, SIZE_TEXT, "%lld", unit == 'b' ? kib * 1024 : unit == 'k' ? kib : kib / 1024);
    return text;
}

static void row_print(const char *name, const long long *amounts, int count) {
    printf("%-7s", name);
    for (int i = 0; i < count; i++) {
        char text[SIZE_TEXT];
        printf(" %11s", amount_format(amounts[i], text));
    }
    putchar('\n');
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "bkmh")) != -1) {
        if (option == '?')
            cmd_usage("[-b | -k | -m | -h]");
        unit = option;
    }
    if (optind < argc)
        cmd_usage("[-b | -k | -m | -h]");
    char *text = file_slurp_require("/proc/meminfo");
    long long total = text_number(text, "MemTotal"), available = text_number(text, "MemAvailable");
    long long memory[] = { total, total - available, text_number(text, "MemFree"),
                           text_number(text, "Shmem"),
                           text_number(text, "Buffers") + text_number(text, "Cached"), available };
    long long total_swap = text_number(text, "SwapTotal"), free_swap = text_number(text, "SwapFree");
    long long swap[] = { total_swap, total_swap - free_swap, free_swap };
    free(text);
    printf("%-7s %11s %11s %11s %11s %11s %11s\n", "", "total", "used", "free", "shared",
           "buff/cache", "available");
    row_print("Mem:", memory, 6);
    row_print("Swap:", swap, 3);
    return cmd_end(cmd_status);
}
