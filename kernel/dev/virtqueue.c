#include <abi/errno.h>
#include <dev/virtqueue.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/heap.h>
#include <riscv/csr.h>

enum { DESCRIPTOR_NEXT = 1, DESCRIPTOR_WRITE = 2 };
enum { USED_NO_NOTIFY = 1 };
enum { QUEUE_SIZE_MAX = 128, QUEUE_ALIGN = 4096 };
enum { NO_DESCRIPTOR = 0xffff };

struct virtqueue_descriptor {           // 2.7.5
    uint64_t address;
    uint32_t length;
    uint16_t flags, next;
};

struct virtqueue_available {            // 2.7.6
    uint16_t flags, index;
    uint16_t ring[];
};

struct virtqueue_used {                 // 2.7.8
    uint16_t flags, index;
    struct { uint32_t id, length; } ring[];
};

struct virtqueue_chain {
    void *token;                // of a chain's first descriptor; NULL: not with the device
    uint32_t writable;          // bytes of it that the device may write
    uint16_t next;              // in the chain or on the free list
};

static size_t used_offset(unsigned size) {
    size_t end = size * sizeof(struct virtqueue_descriptor) +
                 sizeof(struct virtqueue_available) + (size + 1) * sizeof(uint16_t);
    return (end + QUEUE_ALIGN - 1) & ~(size_t)(QUEUE_ALIGN - 1);
}

// For QUEUE_SIZE_MAX descriptors or fewer the used ring fits in the second page.
_Static_assert(sizeof(struct virtqueue_used) + QUEUE_SIZE_MAX * 8 + 2 <= QUEUE_ALIGN, "used ring");

int virtqueue_create(struct virtqueue *queue, unsigned size_max) {
    unsigned size = QUEUE_SIZE_MAX;
    while (size > size_max)
        size /= 2;
    *queue = (struct virtqueue){ .size = size, .free_count = size };
    queue->chains = kzalloc(size * sizeof *queue->chains);
    queue->frame = frames_alloc(FRAME_KERNEL, 1, FRAME_ZERO);
    if (!queue->chains || !queue->frame) {
        kfree(queue->chains);
        if (queue->frame)
            frame_put(queue->frame);
        return -ENOMEM;
    }
    char *memory = frame_virt(queue->frame);
    queue->descriptors = (void *)memory;
    queue->available = (void *)(memory + size * sizeof(struct virtqueue_descriptor));
    queue->used = (void *)(memory + used_offset(size));
    for (unsigned i = 0; i < size; i++)
        queue->chains[i].next = (uint16_t)(i + 1);
    return 0;
}

uint64_t virtqueue_descriptors_phys(const struct virtqueue *queue) {
    return virt_to_phys(queue->descriptors);
}
uint64_t virtqueue_available_phys(const struct virtqueue *queue) {
    return virt_to_phys(queue->available);
}
uint64_t virtqueue_used_phys(const struct virtqueue *queue) { return virt_to_phys(queue->used); }

bool virtqueue_add(struct virtqueue *queue, const struct virtqueue_buffer *buffers,
                   unsigned count, void *token) {
    if (!count || queue->free_count < count)
        return false;
    uint16_t first = queue->free_first, at = first, last = first;
    uint32_t writable = 0;
    for (unsigned i = 0; i < count; i++) {
        bool more = i + 1 < count;
        uint16_t next = queue->chains[at].next;
        queue->descriptors[at] = (struct virtqueue_descriptor){
            .address = virt_to_phys(buffers[i].data),
            .length = buffers[i].size,
            .flags = (uint16_t)((more ? DESCRIPTOR_NEXT : 0) |
                                (buffers[i].device_writes ? DESCRIPTOR_WRITE : 0)),
            .next = more ? next : 0,
        };
        if (buffers[i].device_writes)
            writable += buffers[i].size;
        last = at;
        at = next;
    }
    queue->free_first = at;
    queue->free_count -= count;
    queue->chains[last].next = NO_DESCRIPTOR;
    queue->chains[first].token = token;
    queue->chains[first].writable = writable;
    queue->available->ring[queue->available_index % queue->size] = first;
    io_fence();                 // the chain before the index that shows it (2.7.13.3)
    *(volatile uint16_t *)&queue->available->index = ++queue->available_index;
    return true;
}

bool virtqueue_wants_notify(const struct virtqueue *queue) {
    io_fence();                 // the index before the look at the flags
    return !(*(volatile uint16_t *)&queue->used->flags & USED_NO_NOTIFY);
}

// Frees the descriptors of the chain that starts at `first`.
static void *chain_free(struct virtqueue *queue, uint16_t first) {
    void *token = queue->chains[first].token;
    uint16_t last = first;
    unsigned count = 1;
    for (; queue->chains[last].next != NO_DESCRIPTOR; count++)
        last = queue->chains[last].next;
    queue->chains[first].token = NULL;
    queue->chains[last].next = queue->free_first;
    queue->free_first = first;
    queue->free_count += count;
    return token;
}

int virtqueue_take(struct virtqueue *queue, void **token, uint32_t *written) {
    if (*(volatile uint16_t *)&queue->used->index == queue->used_index)
        return 0;
    io_fence();                 // the index before the entry
    uint32_t id = *(volatile uint32_t *)&queue->used->ring[queue->used_index % queue->size].id;
    uint32_t length =
        *(volatile uint32_t *)&queue->used->ring[queue->used_index % queue->size].length;
    if (id >= queue->size || !queue->chains[id].token || length > queue->chains[id].writable)
        return -EIO;
    queue->used_index++;
    *written = length;
    *token = chain_free(queue, (uint16_t)id);
    return 1;
}

void *virtqueue_abandon(struct virtqueue *queue) {
    for (unsigned i = 0; i < queue->size; i++)
        if (queue->chains[i].token)
            return chain_free(queue, (uint16_t)i);
    return NULL;
}
