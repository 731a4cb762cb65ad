#include <debug/ktest.h>
#include <dev/random.h>
#include <lib/string.h>

// The test vector of RFC 8439, 2.3.2.
KTEST(chacha20_block_vector) {
    static const uint8_t expected[64] = {
        0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15, 0x50, 0x0f, 0xdd, 0x1f, 0xa3, 0x20,
        0x71, 0xc4, 0xc7, 0xd1, 0xf4, 0xc7, 0x33, 0xc0, 0x68, 0x03, 0x04, 0x22, 0xaa, 0x9a,
        0xc3, 0xd4, 0x6c, 0x4e, 0xd2, 0x82, 0x64, 0x46, 0x07, 0x9f, 0xaa, 0x09, 0x14, 0xc2,
        0xd7, 0x05, 0xd9, 0x8b, 0x02, 0xa2, 0xb5, 0x12, 0x9c, 0xd1, 0xde, 0x16, 0x4e, 0xb9,
        0xcb, 0xd0, 0x83, 0xe8, 0xa2, 0x50, 0x3c, 0x4e,
    };
    static const uint32_t nonce[3] = { 0x09000000, 0x4a000000, 0 };
    uint8_t bytes[32], block[64];
    uint32_t key[8];
    for (int i = 0; i < 32; i++)
        bytes[i] = (uint8_t)i;
    memcpy(key, bytes, sizeof key);
    chacha20_block(key, 1, nonce, block);
    ktest_check(!memcmp(block, expected, sizeof block));
}

KTEST(random_bytes_differ) {
    uint8_t a[100] = { 0 }, b[100] = { 0 };
    random_bytes(a, sizeof a);
    random_bytes(b, sizeof b);
    ktest_check(memcmp(a, b, sizeof a));
    unsigned ones = 0;
    for (unsigned i = 0; i < sizeof a; i++)
        for (int bit = 0; bit < 8; bit++)
            ones += a[i] >> bit & 1;
    ktest_check(ones > 280 && ones < 520);
    // Not a byte past the end.
    memset(b, 0xa5, sizeof b);
    random_bytes(b, 33);
    ktest_check(b[33] == 0xa5 && b[34] == 0xa5);
}
