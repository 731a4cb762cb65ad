// A virtqueue with this test as its device, an honest one and a hostile one.
#include <abi/errno.h>
#include <debug/ktest.h>
#include <dev/virtqueue.h>
#include <mm/frame.h>
#include <mm/heap.h>

// The used ring as the device writes it: flags, index, then pairs of id and length.
static void device_returns(struct virtqueue *queue, uint32_t id, uint32_t length) {
    uint16_t *index = (uint16_t *)queue->used + 1;
    uint32_t *entry = (uint32_t *)queue->used + 1 + *index % queue->size * 2;
    entry[0] = id;
    entry[1] = length;
    (*index)++;
}

static uint32_t last_available(const struct virtqueue *queue) {
    const uint16_t *ring = (const uint16_t *)queue->available + 2;
    return ring[(uint16_t)(queue->available_index - 1) % queue->size];
}

static void queue_free(struct virtqueue *queue) {
    kfree(queue->chains);
    frame_put(queue->frame);
}

KTEST(virtqueue_chains_come_back) {
    struct virtqueue queue;
    void *token;
    uint32_t written;
    ktest_check(virtqueue_create(&queue, 12) == 0);
    ktest_check(queue.size == 8);
    char *memory = frame_virt(queue.frame);
    struct virtqueue_buffer buffers[3] = { { memory, 16, false }, { memory, 512, true },
                                           { memory, 1, true } };
    for (int round = 0; round < 40; round++) {
        ktest_check(virtqueue_add(&queue, buffers, 3, memory));
        uint32_t first = last_available(&queue);
        ktest_check(virtqueue_add(&queue, buffers, 3, memory + 1));
        ktest_check(!virtqueue_add(&queue, buffers, 3, memory + 2));
        ktest_check(virtqueue_take(&queue, &token, &written) == 0);
        device_returns(&queue, last_available(&queue), 513);
        device_returns(&queue, first, 1);
        ktest_check(virtqueue_take(&queue, &token, &written) == 1);
        ktest_check(token == memory + 1 && written == 513);
        ktest_check(virtqueue_take(&queue, &token, &written) == 1 && token == memory);
    }
    ktest_check(queue.free_count == 8);
    queue_free(&queue);
}

KTEST(virtqueue_hostile_device) {
    struct virtqueue queue;
    void *token;
    uint32_t written;
    ktest_check(virtqueue_create(&queue, 8) == 0);
    char *memory = frame_virt(queue.frame);
    struct virtqueue_buffer buffer = { memory, 64, true };
    ktest_check(virtqueue_add(&queue, &buffer, 1, memory));
    uint32_t good = last_available(&queue);
    static const uint32_t bad[][2] = { { 8, 0 }, { UINT32_MAX, 0 }, { 7, 0 }, { 0, 65 } };
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint16_t *index = (uint16_t *)queue.used + 1;
        device_returns(&queue, bad[i][1] ? good : bad[i][0], bad[i][1]);
        ktest_check(virtqueue_take(&queue, &token, &written) == -EIO);
        (*index)--;
    }
    ktest_check(virtqueue_abandon(&queue) == memory);
    ktest_check(virtqueue_abandon(&queue) == NULL);
    queue_free(&queue);
}
