// Virtio devices behind memory-mapped registers (Virtual I/O Device 1.2, 4.2), version 2 and
// the legacy version 1 that QEMU offers unless told otherwise.
#ifndef DEV_VIRTIO_MMIO_H
#define DEV_VIRTIO_MMIO_H

#include <debug/panic.h>
#include <dev/virtqueue.h>
#include <stdbool.h>
#include <stdint.h>

// Device types (5).
enum { VIRTIO_BLOCK = 2, VIRTIO_ENTROPY = 4 };

struct virtio_device {
    volatile uint8_t *base;
    unsigned irq;
    uint32_t version;           // 1 (legacy) or 2
    uint32_t type;
    uint64_t features;          // negotiated
    void (*interrupt)(struct virtio_device *);  // used buffers; in interrupt context
    void *driver;
};

// Looks at the window. True if a device of a version that is known is there.
bool virtio_find(struct virtio_device *device, volatile void *base, unsigned irq);

// Resets the device and agrees on those of its features that are in `wanted` (feature bits
// of the device type). 0 or -EIO. The queues come next, then virtio_start.
int must_check virtio_negotiate(struct virtio_device *device, uint64_t wanted);

// Creates queue `index`, as large as device and driver can: 0, -ENOMEM, -EIO. May sleep.
int must_check virtio_queue_create(struct virtio_device *device, unsigned index,
                                   struct virtqueue *queue);

// Registers the interrupt and tells the device that the driver is ready.
void virtio_start(struct virtio_device *device);

// Tells the device of what was added to queue `index`, unless it does not want to know.
void virtio_notify(struct virtio_device *device, unsigned index, const struct virtqueue *queue);

// Stops the device for good: afterwards it touches no memory any more.
void virtio_fail(struct virtio_device *device);

// Reads `size` (4 or 8) bytes of the configuration space at `offset`.
uint64_t virtio_config_read(struct virtio_device *device, unsigned offset, unsigned size);

// The drivers: take over a found device, which lives on the heap. 0 or -errno, and then the
// device is the caller's again.
int must_check virtio_blk_init(struct virtio_device *device);
int must_check virtio_rng_init(struct virtio_device *device);

#endif
