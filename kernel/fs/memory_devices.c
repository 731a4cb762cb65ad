// /dev/null, zero, full, random and urandom.
#include <abi/errno.h>
#include <dev/random.h>
#include <fs/devfs.h>
#include <fs/device.h>
#include <fs/file.h>

#define PIECE (1ul << 20)           // between two looks whether the process is being killed

static long null_read(struct file *file, struct uio *uio, uint64_t *position) {
    (void)file, (void)uio, (void)position;
    return 0;
}

// Takes everything without looking at it: not even at whether it is there, as everywhere.
static long null_write(struct file *file, struct uio *uio, uint64_t *position) {
    (void)file, (void)position;
    size_t size = uio->left;
    uio->left = 0;
    return size;
}

static long zero_read(struct file *file, struct uio *uio, uint64_t *position) {
    (void)file, (void)position;
    size_t total = uio->left;
    while (uio->left > 0) {
        long moved = uio_put_zeros(uio, uio->left < PIECE ? uio->left : PIECE);
        if (moved <= 0)
            return total > uio->left ? (long)(total - uio->left) : moved;
        if (thread_killed())
            break;
    }
    return total - uio->left;
}

static long full_write(struct file *file, struct uio *uio, uint64_t *position) {
    (void)file, (void)position;
    return uio->left > 0 ? -ENOSPC : 0;
}

static long random_read(struct file *file, struct uio *uio, uint64_t *position) {
    (void)file, (void)position;
    uint8_t block[256];
    size_t total = uio->left;
    while (uio->left > 0) {
        size_t part = uio->left < sizeof(block) ? uio->left : sizeof(block);
        random_bytes(block, part);
        long moved = uio_put(uio, block, part);
        if (moved < (long)part)
            return total > uio->left ? (long)(total - uio->left) : moved;
        if (thread_killed())
            break;
    }
    return total - uio->left;
}

// What is written stirs the pool and is credited with nothing.
static long random_write(struct file *file, struct uio *uio, uint64_t *position) {
    (void)file, (void)position;
    uint8_t block[256];
    size_t total = uio->left;
    while (uio->left > 0) {
        long moved = uio_take(uio, block, uio->left < sizeof(block) ? uio->left : sizeof(block));
        if (moved <= 0)
            return total > uio->left ? (long)(total - uio->left) : moved;
        random_add_entropy(block, moved);
    }
    return total;
}

static const struct file_ops null_ops = { .read = null_read, .write = null_write };
static const struct file_ops zero_ops = { .read = zero_read, .write = null_write };
static const struct file_ops full_ops = { .read = zero_read, .write = full_write };
static const struct file_ops random_ops = { .read = random_read, .write = random_write };

void memory_devices_init(void) {
    char_device_register("null", DEVICE_NUMBER(1, 3), 0666, &null_ops);
    char_device_register("zero", DEVICE_NUMBER(1, 5), 0666, &zero_ops);
    char_device_register("full", DEVICE_NUMBER(1, 7), 0666, &full_ops);
    char_device_register("random", DEVICE_NUMBER(1, 8), 0666, &random_ops);
    char_device_register("urandom", DEVICE_NUMBER(1, 9), 0666, &random_ops);
}
