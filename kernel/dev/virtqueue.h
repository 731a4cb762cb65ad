// A split virtqueue (Virtual I/O Device 1.2, 2.7): buffers that the driver lends the device.
//
// Three parts in shared memory: descriptors (address, length, next), the available ring
// (chains that the driver hands over) and the used ring (chains that come back). The device
// may write nonsense there (law 8): what the driver must rely on it keeps to itself.
// The owner's lock guards every function.
#ifndef DEV_VIRTQUEUE_H
#define DEV_VIRTQUEUE_H

#include <debug/panic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame;
struct virtqueue_descriptor;
struct virtqueue_available;
struct virtqueue_used;

struct virtqueue {
    unsigned size;                      // descriptors; a power of 2
    struct frame *frame;                // all three parts, in physically contiguous frames
    struct virtqueue_descriptor *descriptors;
    struct virtqueue_available *available;
    struct virtqueue_used *used;
    uint16_t available_index, used_index;       // counted without end
    uint16_t free_first;
    unsigned free_count;
    struct virtqueue_chain *chains;     // indexed by descriptor: the driver's own notes
};

// A piece of a request. `data` lies in the direct map.
struct virtqueue_buffer {
    void *data;
    uint32_t size;
    bool device_writes;
};

// A queue of at most `size_max` descriptors: 0 or -ENOMEM. May sleep.
int must_check virtqueue_create(struct virtqueue *queue, unsigned size_max);

// Physical addresses of the three parts, for the transport. The legacy layout (2.7.2) holds,
// so the first one alone is enough for version 1.
uint64_t virtqueue_descriptors_phys(const struct virtqueue *queue);
uint64_t virtqueue_available_phys(const struct virtqueue *queue);
uint64_t virtqueue_used_phys(const struct virtqueue *queue);

// Makes `count` buffers available as one chain, those that the device reads first. `token`
// (not NULL) comes back from virtqueue_take. False when there are too few free descriptors.
bool virtqueue_add(struct virtqueue *queue, const struct virtqueue_buffer *buffers,
                   unsigned count, void *token);

// Must the device be told of what was added?
bool virtqueue_wants_notify(const struct virtqueue *queue);

// The next chain that came back: 1 and its token and the bytes that the device says it wrote,
// 0 if there is none, -EIO if what the device wrote is impossible.
int must_check virtqueue_take(struct virtqueue *queue, void **token, uint32_t *written);

// Takes any chain back from a device that has been reset; NULL when there is none left.
void *virtqueue_abandon(struct virtqueue *queue);

#endif
