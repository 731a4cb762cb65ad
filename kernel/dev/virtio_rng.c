// Virtio entropy devices (Virtual I/O Device 1.2, 5.4): one buffer is lent at boot, and what
// comes back goes into the random pool.
#include <abi/errno.h>
#include <debug/log.h>
#include <dev/random.h>
#include <dev/virtio_mmio.h>
#include <mm/frame.h>

enum { SEED_SIZE = 64 };

static void rng_interrupt(struct virtio_device *device) {
    struct virtqueue *queue = device->driver;
    void *seed;
    uint32_t written;
    int taken = virtqueue_take(queue, &seed, &written);
    if (taken > 0) {
        random_add_entropy(seed, written);
        log_debug("random: %u bytes from virtio, irq %u", written, device->irq);
    } else if (taken < 0) {
        log_error("virtio entropy, irq %u: a buffer came back that was never lent", device->irq);
        virtio_fail(device);
    }
}

int virtio_rng_init(struct virtio_device *device) {
    // One frame for the queue's notes and the buffer: the device reaches frames only.
    struct frame *frame = frame_alloc(FRAME_KERNEL, FRAME_ZERO);
    if (!frame)
        return -ENOMEM;
    struct virtqueue *queue = frame_virt(frame);
    struct virtqueue_buffer buffer = { queue + 1, SEED_SIZE, true };
    int error = virtio_negotiate(device, 0);
    if (!error)
        error = virtio_queue_create(device, 0, queue);
    if (error) {
        virtio_fail(device);
        frame_put(frame);
        return error;
    }
    device->driver = queue;
    device->interrupt = rng_interrupt;
    virtio_start(device);
    bool added = virtqueue_add(queue, &buffer, 1, buffer.data);
    assert(added);
    virtio_notify(device, 0, queue);
    return 0;
}
