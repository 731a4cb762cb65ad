// A ChaCha20 generator that erases its traces: each call makes 64 bytes from the key, keeps
// the first half as the next key and works with the second, so that who learns today's key
// cannot compute yesterday's output. The time of each call goes in as the nonce.
#include <dev/random.h>
#include <lib/string.h>
#include <riscv/csr.h>
#include <sync/spinlock.h>

enum { BLOCK = 64, KEY = 32 };

static struct {
    struct spinlock lock;
    uint32_t key[KEY / 4];
    uint32_t calls;
} pool = { .lock = SPINLOCK_INIT("random") };

static uint32_t rotate_left(uint32_t value, int bits) {
    return value << bits | value >> (32 - bits);
}

static void quarter_round(uint32_t *x, int a, int b, int c, int d) {
    x[a] += x[b]; x[d] = rotate_left(x[d] ^ x[a], 16);
    x[c] += x[d]; x[b] = rotate_left(x[b] ^ x[c], 12);
    x[a] += x[b]; x[d] = rotate_left(x[d] ^ x[a], 8);
    x[c] += x[d]; x[b] = rotate_left(x[b] ^ x[c], 7);
}

void chacha20_block(const uint32_t key[8], uint32_t counter, const uint32_t nonce[3],
                    uint8_t out[64]) {
    uint32_t start[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 }, x[16];
    memcpy(start + 4, key, KEY);
    start[12] = counter;
    memcpy(start + 13, nonce, 12);
    memcpy(x, start, sizeof x);
    for (int round = 0; round < 20; round += 2) {
        for (int i = 0; i < 4; i++)     // columns
            quarter_round(x, i, 4 + i, 8 + i, 12 + i);
        for (int i = 0; i < 4; i++)     // diagonals
            quarter_round(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
    for (int i = 0; i < 16; i++)
        x[i] += start[i];
    memcpy(out, x, sizeof x);
}

// Replaces the pool's key; `spare` gets 32 bytes that nobody else gets. pool.lock is held.
static void pool_step(uint32_t spare[KEY / 4]) {
    uint64_t now = time_read();
    const uint32_t nonce[3] = { (uint32_t)now, (uint32_t)(now >> 32), pool.calls++ };
    uint32_t block[BLOCK / 4];
    chacha20_block(pool.key, 0, nonce, (uint8_t *)block);
    memcpy(pool.key, block, KEY);
    memcpy(spare, block + KEY / 4, KEY);
    memset(block, 0, sizeof block);
}

void random_bytes(void *to, size_t size) {
    static const uint32_t nonce[3];
    uint32_t key[KEY / 4];
    uint8_t block[BLOCK];
    spin_lock(&pool.lock);
    pool_step(key);
    spin_unlock(&pool.lock);
    if (size <= KEY) {
        memcpy(to, key, size);
        size = 0;
    }
    for (uint32_t counter = 0; size; counter++) {
        size_t part = size < BLOCK ? size : BLOCK;
        chacha20_block(key, counter, nonce, block);
        memcpy(to, block, part);
        to = (char *)to + part;
        size -= part;
    }
    memset(key, 0, sizeof key);
    memset(block, 0, sizeof block);
    // The compiler must not leave the erasing out.
    __asm__ volatile("" ::"r"(key), "r"(block) : "memory");
}

// Each piece is added to the key, which the block function then scrambles beyond undoing.
void random_add_entropy(const void *data, size_t size) {
    const uint8_t *from = data;
    uint32_t spare[KEY / 4];
    spin_lock(&pool.lock);
    do {
        size_t part = size < KEY ? size : KEY;
        for (size_t i = 0; i < part; i++)
            ((uint8_t *)pool.key)[i] ^= from[i];
        pool_step(spare);
        from += part;
        size -= part;
    } while (size);
    spin_unlock(&pool.lock);
}
