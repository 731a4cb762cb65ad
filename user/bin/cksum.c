/* cksum [FILE]...: POSIX checksum (CRC-32, polynomial 0x04c11db7) and size of files. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/reader.h"

static uint32_t table[256];
static bool named;

static void table_make(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i << 24;
        for (int bit = 0; bit < 8; bit++)
            crc = crc << 1 ^ (crc & 0x80000000 ? 0x04c11db7 : 0);
        table[i] = crc;
    }
}

static uint32_t byte_add(uint32_t crc, unsigned char byte) {
    return crc << 8 ^ table[crc >> 24 ^ byte];
}

static void file_sum(struct reader *r) {
    uint32_t crc = 0;
    unsigned long long size = 0;
    struct line block;
    while (reader_block(r, &block)) {
        for (size_t i = 0; i < block.length; i++)
            crc = byte_add(crc, block.text[i]);
        size += block.length;
    }
    /* The length goes in too, least significant byte first. */
    for (unsigned long long rest = size; rest; rest >>= 8)
        crc = byte_add(crc, rest & 0xff);
    printf("%u %llu", ~crc, size);
    if (named)
        printf(" %s", r->name);
    putchar('\n');
}

int main(int argc, char **argv) {
    cmd_begin(argv, 1);
    if (getopt(argc, argv, "") != -1)
        cmd_usage("[FILE]...");
    named = optind < argc;
    table_make();
    reader_each(argv + optind, file_sum);
    return cmd_end(cmd_status);
}
