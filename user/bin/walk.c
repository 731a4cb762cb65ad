/*
 * walk PID ADDRESS: how the hardware translates an address of a process, step by step (Sv39). The
 * kernel makes the walk (/proc/PID/walk); this draws it.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"

#define LEVELS 3

static void bits_print(uint64_t value, int count) {
    while (count-- > 0)
        putchar(value >> count & 1 ? '1' : '0');
}

static unsigned vpn(uint64_t address, int level) {
    return address >> (12 + 9 * level) & 511;
}

/* The address, cut where the hardware cuts it. */
static void address_print(uint64_t address) {
    printf("address 0x%lx\n\n   ", address);
    printf("%-11s %-11s %-11s %s\n   ", "VPN[2]", "VPN[1]", "VPN[0]", "offset");
    for (int level = LEVELS - 1; level >= 0; level--) {
        bits_print(vpn(address, level), 9);
        printf("   ");
    }
    bits_print(address & 4095, 12);
    printf("\n   %-11u %-11u %-11u 0x%03x\n\n", vpn(address, 2), vpn(address, 1), vpn(address, 0),
           (unsigned)(address & 4095));
}

/* "level 2 table T index I entry E flags F", as the kernel says it. */
static void step_print(const char *line) {
    unsigned level, index;
    uint64_t table, entry;
    char flags[16];
    if (sscanf(line, "level %u table %lx index %u entry %lx flags %15s", &level,
               &table, &index, &entry, flags) != 5) {
        printf("%s\n", line);
        return;
    }
    bool valid = entry & 1, leaf = entry & 14;
    uint64_t next = (entry >> 10) << 12;
    printf("level %u: table 0x%lx, entry %3u = 0x%016lx  %s  ", level, table, index,
           entry, flags);
    if (valid && leaf)
        printf("leaf: frame 0x%lx\n", next);
    else
        printf(valid ? "-> table 0x%lx\n" : "not valid\n", next);
}

static void answer_print(char *text) {
    for (char *rest, *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, "level ", 6) == 0)
            step_print(line);
        else if (strncmp(line, "physical ", 9) == 0)
            printf("\nphysical address 0x%s\n", line + 9);
        else
            printf("\npage %s\n", line);
    }
    printf("\nflags: d dirty, a accessed, g global, u user, x execute, w write, r read, v valid\n");
}

int main(int argc, char **argv) {
    char path[64], text[1024], *end;
    cmd_begin(argv, 1);
    if (argc != 3)
        cmd_usage("PID ADDRESS");
    uint64_t address = strtoull(argv[2], &end, 16);
    if (*end || end == argv[2])
        cmd_die("%s: not an address (hexadecimal)", argv[2]);
    snprintf(path, sizeof(path), "/proc/%s/walk", argv[1]);
    int fd = open(path, O_RDWR);
    int length = snprintf(text, sizeof(text), "%lx", address);
    if (fd < 0 || write(fd, text, length) != length)
        cmd_die_errno("process %s", argv[1]);
    ssize_t size = read(fd, text, sizeof(text) - 1);
    if (size < 0)
        cmd_die_errno("%s", path);
    text[size] = '\0';
    address_print(address);
    answer_print(text);
    return cmd_end(cmd_status);
}
