// Random numbers for the kernel and for getrandom.
#ifndef DEV_RANDOM_H
#define DEV_RANDOM_H

#include <stddef.h>
#include <stdint.h>

// Fills `to` (kernel memory) with unpredictable bytes. Never sleeps; callable from interrupts.
void random_bytes(void *to, size_t size);

// Stirs in whatever an observer does not know. Never sleeps; callable from interrupts.
void random_add_entropy(const void *data, size_t size);

// The ChaCha20 block function (RFC 8439, 2.3): 64 bytes of key stream.
void chacha20_block(const uint32_t key[8], uint32_t counter, const uint32_t nonce[3],
                    uint8_t out[64]);

#endif
