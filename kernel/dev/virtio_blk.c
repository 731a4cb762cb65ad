// Virtio block devices (Virtual I/O Device 1.2, 5.2).
//
// A request takes a slot and a chain of descriptors: the header, its segments, the status
// byte. One that has more segments than a chain may have is done in parts, one after the
// other, in the same slot. Requests for which there is no slot or no descriptors wait in a
// list, and the interrupt that brings some back starts them.
#include <abi/errno.h>
#include <debug/log.h>
#include <block/block.h>
#include <dev/virtio_mmio.h>
#include <mm/frame.h>
#include <mm/heap.h>
#include <sync/spinlock.h>

// Feature bits, configuration offsets, request types, results (5.2.3 to 5.2.6).
#define FEATURE_SEG_MAX   (1ull << 2)
#define FEATURE_READ_ONLY (1ull << 5)
#define FEATURE_FLUSH     (1ull << 9)
enum { CONFIG_CAPACITY = 0, CONFIG_SEG_MAX = 12 };
enum { TYPE_IN = 0, TYPE_OUT = 1, TYPE_FLUSH = 4 };
enum { STATUS_OK = 0, STATUS_NONE = 0xff };

enum { MAJOR = 254, MINORS_EACH = 16 };

struct slot {
    struct {
        uint32_t type, reserved;
        uint64_t sector;
    } header;                   // read by the device
    uint8_t status;             // written by the device
    uint16_t segments_done;     // by earlier parts and this one
    struct slot *next;          // free list
    struct block_request *request;
    uint64_t sector;            // where the next part starts
};

struct disk {
    struct block_device block;
    struct virtio_device *device;
    struct spinlock lock;       // guards all below
    struct virtqueue queue;
    struct list waiting;        // requests that are not started
    struct slot *free_slots;
    unsigned segments_max;      // in one part
    bool unannounced;           // the queue has parts that the device was not told of
    bool failed;                // the device broke the rules and was reset
};

static unsigned min_unsigned(unsigned a, unsigned b) { return a < b ? a : b; }

// Starts the next part of the slot's request: false when there are too few descriptors.
static bool part_start(struct disk *disk, struct slot *slot) {
    struct virtqueue_buffer buffers[BLOCK_MAX_SEGMENTS + 2];
    struct block_request *request = slot->request;
    const struct block_segment *segments = request->segments + slot->segments_done;
    unsigned count = min_unsigned(request->segment_count - slot->segments_done,
                                  disk->segments_max);
    uint64_t bytes = 0;
    buffers[0] = (struct virtqueue_buffer){ &slot->header, sizeof slot->header, false };
    for (unsigned i = 0; i < count; i++) {
        buffers[1 + i] = (struct virtqueue_buffer){ segments[i].data, segments[i].size,
                                                    request->op == BLOCK_READ };
        bytes += segments[i].size;
    }
    buffers[1 + count] = (struct virtqueue_buffer){ &slot->status, 1, true };
    slot->header.type = request->op == BLOCK_READ    ? TYPE_IN
                        : request->op == BLOCK_WRITE ? TYPE_OUT
                                                     : TYPE_FLUSH;
    slot->header.sector = request->op == BLOCK_FLUSH ? 0 : slot->sector;
    slot->status = STATUS_NONE;
    if (!virtqueue_add(&disk->queue, buffers, count + 2, slot))
        return false;
    disk->unannounced = true;
    slot->segments_done = (uint16_t)(slot->segments_done + count);
    slot->sector += bytes / SECTOR_SIZE;
    return true;
}

// Starts what waits, as far as slots and descriptors reach. disk->lock is held.
static void requests_start(struct disk *disk) {
    while (!list_empty(&disk->waiting) && disk->free_slots) {
        struct block_request *request = list_first(&disk->waiting, struct block_request, node);
        struct slot *slot = disk->free_slots;
        slot->request = request;
        slot->segments_done = 0;
        slot->sector = request->sector;
        if (!part_start(disk, slot))
            break;
        block_started(&disk->block, request->op);
        disk->free_slots = slot->next;
        list_remove(&request->node);
    }
}

// Releases the lock, and tells the device of what was started under it. Without the lock, because that
// store leaves the machine and may take long: an interrupt on another hart need not wait for it.
static void unlock_and_announce(struct disk *disk) {
    bool announce = disk->unannounced && !disk->failed;
    disk->unannounced = false;
    spin_unlock(&disk->lock);
    if (announce)
        virtio_notify(disk->device, 0, &disk->queue);
}

static void slot_finish(struct disk *disk, struct slot *slot, int error, struct list *done) {
    block_ended(&disk->block, slot->request->op, slot->sector - slot->request->sector);
    slot->request->error = error;
    list_push_back(done, &slot->request->node);
    slot->next = disk->free_slots;
    disk->free_slots = slot;
}

// A part came back from the device. Its descriptors are enough for the next one.
static void part_complete(struct disk *disk, struct slot *slot, struct list *done) {
    bool good = slot->status == STATUS_OK;
    if (!good || slot->segments_done == slot->request->segment_count)
        slot_finish(disk, slot, good ? 0 : -EIO, done);
    else if (!part_start(disk, slot))
        panic("%s: no descriptors for the next part of a request", disk->block.name);
}

// The device wrote nonsense into its ring: it is not trusted with memory again.
static void disk_fail(struct disk *disk, struct list *done) {
    struct slot *slot;
    log_error("%s: the device returned a request that it was never given; it is off now",
              disk->block.name);
    disk->failed = true;
    virtio_fail(disk->device);
    while ((slot = virtqueue_abandon(&disk->queue)))
        slot_finish(disk, slot, -EIO, done);
    while (!list_empty(&disk->waiting)) {
        struct block_request *request = list_first(&disk->waiting, struct block_request, node);
        list_remove(&request->node);
        request->error = -EIO;
        list_push_back(done, &request->node);
    }
}

static void disk_interrupt(struct virtio_device *device) {
    struct disk *disk = device->driver;
    struct list done = LIST_INIT(done), *node;
    void *slot;
    uint32_t written;
    int taken = 0;
    spin_lock(&disk->lock);
    while (!disk->failed && (taken = virtqueue_take(&disk->queue, &slot, &written)) > 0)
        part_complete(disk, slot, &done);
    if (taken < 0)
        disk_fail(disk, &done);
    requests_start(disk);
    unlock_and_announce(disk);
    while ((node = list_pop_front(&done))) {
        struct block_request *request = container_of(node, struct block_request, node);
        request->done(request);
    }
}

// A device that does not offer flushing keeps nothing back (5.2.6.2).
static bool has_nothing_to_do(const struct disk *disk, const struct block_request *request) {
    return request->op == BLOCK_FLUSH ? !(disk->device->features & FEATURE_FLUSH)
                                      : !request->segment_count;
}

// block_submit has checked the request.
static void disk_submit(struct block_device *block, struct block_request *request) {
    struct disk *disk = block->driver;
    spin_lock(&disk->lock);
    request->error = disk->failed ? -EIO : 0;
    bool finished = disk->failed || has_nothing_to_do(disk, request);
    if (request->op == BLOCK_FLUSH)
        request->segment_count = 0;
    if (!finished) {
        list_push_back(&disk->waiting, &request->node);
        requests_start(disk);
    }
    unlock_and_announce(disk);
    if (finished)
        request->done(request);
}

// As many slots as a frame holds, in memory that the device can reach.
static int slots_create(struct disk *disk) {
    struct frame *frame = frame_alloc(FRAME_KERNEL, FRAME_ZERO);
    if (!frame)
        return -ENOMEM;
    struct slot *slots = frame_virt(frame);
    for (unsigned i = 0; i < PAGE_SIZE / sizeof *slots; i++) {
        slots[i].next = disk->free_slots;
        disk->free_slots = &slots[i];
    }
    return 0;
}

// vda, ..., vdz, vdaa, ... and the numbers that go with them.
static void disk_name(struct disk *disk) {
    static unsigned count;
    unsigned number = count++, at = 2;
    disk->block.name[0] = 'v';
    disk->block.name[1] = 'd';
    if (number >= 26)
        disk->block.name[at++] = (char)('a' + number / 26 - 1);
    disk->block.name[at] = (char)('a' + number % 26);
    disk->block.number = MAJOR << 8 | number * MINORS_EACH;
}

static int disk_setup(struct disk *disk, struct virtio_device *device) {
    int error = virtio_negotiate(device, FEATURE_SEG_MAX | FEATURE_READ_ONLY | FEATURE_FLUSH);
    if (!error)
        error = virtio_queue_create(device, 0, &disk->queue);
    if (!error)
        error = slots_create(disk);
    if (error)
        return error;
    if (disk->queue.size < 3)
        return -EIO;
    disk->segments_max = min_unsigned(BLOCK_MAX_SEGMENTS, disk->queue.size - 2);
    uint64_t limit = device->features & FEATURE_SEG_MAX
                         ? virtio_config_read(device, CONFIG_SEG_MAX, 4) : 1;
    if (limit && limit < disk->segments_max)
        disk->segments_max = (unsigned)limit;
    disk->block.sectors = virtio_config_read(device, CONFIG_CAPACITY, 8);
    disk->block.read_only = device->features & FEATURE_READ_ONLY;
    return 0;
}

// What a failed set-up allocated stays with the reset device: this happens once, at boot.
int virtio_blk_init(struct virtio_device *device) {
    struct disk *disk = kzalloc(sizeof *disk);
    if (!disk)
        return -ENOMEM;
    spin_init(&disk->lock, "virtio disk");
    list_init(&disk->waiting);
    disk->device = device;
    disk->block.submit = disk_submit;
    disk->block.driver = disk;
    int error = disk_setup(disk, device);
    if (error) {
        virtio_fail(device);
        return error;
    }
    disk_name(disk);
    device->driver = disk;
    device->interrupt = disk_interrupt;
    virtio_start(device);
    block_device_register(&disk->block);
    log_info("%s: %lu KiB%s, irq %u, virtio %s", disk->block.name, disk->block.sectors / 2,
             disk->block.read_only ? ", read-only" : "", device->irq,
             device->version == 1 ? "legacy" : "1");
    return 0;
}
