// Counting bits: the compiler calls these where the machine has no instruction for it (no Zbb).
// The names are libgcc's, which is not linked into a kernel.

int __ctzdi2(unsigned long value);
int __clzdi2(unsigned long value);
int __popcountdi2(unsigned long value);

// Halves the part that can hold the lowest set bit, six times. `value` is not 0.
int __ctzdi2(unsigned long value) {
    int count = 0;
    for (int width = 32; width; width /= 2) {
        if (!(value & ((1ul << width) - 1))) {
            value >>= width;
            count += width;
        }
    }
    return count;
}

int __clzdi2(unsigned long value) {
    int count = 0;
    for (int width = 32; width; width /= 2) {
        if (!(value >> (64 - width))) {
            value <<= width;
            count += width;
        }
    }
    return count;
}

// Adds neighbours: single bits, pairs, nibbles, then all bytes by one multiplication.
int __popcountdi2(unsigned long value) {
    value -= value >> 1 & 0x5555555555555555;
    value = (value & 0x3333333333333333) + (value >> 2 & 0x3333333333333333);
    value = (value + (value >> 4)) & 0x0f0f0f0f0f0f0f0f;
    return value * 0x0101010101010101 >> 56;
}
