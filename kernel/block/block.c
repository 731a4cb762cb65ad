// The part of block devices that all drivers share: the registry, and the synchronous calls.
#include <abi/errno.h>
#include <block/block.h>
#include <lib/string.h>
#include <sched/clock.h>
#include <sched/wait.h>
#include <sync/spinlock.h>

static struct spinlock devices_lock = SPINLOCK_INIT("block devices");
static struct list devices = LIST_INIT(devices);    // never shrinks: entries may be used unlocked

void block_device_register(struct block_device *device) {
    spin_lock(&devices_lock);
    list_push_back(&devices, &device->node);
    spin_unlock(&devices_lock);
}

struct block_device *block_device_find(const char *name) {
    struct block_device *device, *found = NULL;
    spin_lock(&devices_lock);
    list_for_each(device, &devices, node)
        if (strcmp(device->name, name) == 0)
            found = device;
    spin_unlock(&devices_lock);
    return found;
}

struct block_device *block_device_by_number(uint32_t number) {
    struct block_device *device, *found = NULL;
    spin_lock(&devices_lock);
    list_for_each(device, &devices, node)
        if (device->number == number)
            found = device;
    spin_unlock(&devices_lock);
    return found;
}

struct block_device *block_device_next(struct block_device *after) {
    spin_lock(&devices_lock);
    struct list *node = after ? after->node.next : devices.next;
    spin_unlock(&devices_lock);
    return node == &devices ? NULL : container_of(node, struct block_device, node);
}

// The time since the last change goes to all that is in flight.
static void time_count(struct block_device *device) {
    uint64_t now = clock_monotonic_ns(), passed = now - device->counted;
    unsigned in_flight = 0;
    for (enum block_op op = BLOCK_READ; op <= BLOCK_FLUSH; op++) {
        device->use[op].time += device->use[op].in_flight * passed;
        in_flight += device->use[op].in_flight;
    }
    device->busy_time += in_flight ? passed : 0;
    device->counted = now;
}

void block_started(struct block_device *device, enum block_op op) {
    time_count(device);
    device->use[op].in_flight++;
}

void block_ended(struct block_device *device, enum block_op op, uint64_t sectors) {
    time_count(device);
    device->use[op].in_flight--;
    device->use[op].requests++;
    device->use[op].sectors += sectors;
}

uint64_t block_sectors(enum block_op op) {
    uint64_t sum = 0;
    for (struct block_device *device = NULL; (device = block_device_next(device));)
        sum += device->use[op].sectors;
    return sum;
}

// Why the device must not see this request: 0 or -errno.
static int request_check(const struct block_device *device, const struct block_request *request) {
    if (request->op == BLOCK_FLUSH)
        return 0;
    uint64_t sectors = 0;
    for (unsigned i = 0; i < request->segment_count; i++) {
        assert(request->segments[i].size % SECTOR_SIZE == 0);
        sectors += request->segments[i].size / SECTOR_SIZE;
    }
    if (request->sector > device->sectors || sectors > device->sectors - request->sector)
        return -EIO;
    if (request->op == BLOCK_WRITE && device->read_only)
        return -EROFS;
    return 0;
}

// May sleep for a free slot. A request that cannot be right is completed here and now.
void block_submit(struct block_device *device, struct block_request *request) {
    assert(request->segment_count <= BLOCK_MAX_SEGMENTS);
    request->error = request_check(device, request);
    if (request->error)
        request->done(request);
    else
        device->submit(device, request);
}

// A request that its submitter waits for.
struct block_wait {
    struct spinlock lock;
    bool finished;
    struct wait_queue queue;
};

static void wait_done(struct block_request *request) {
    struct block_wait *wait = request->context;
    // Woken under the lock: the waiter's stack, where all this lives, is left only after it.
    spin_lock(&wait->lock);
    wait->finished = true;
    wake_all(&wait->queue);
    spin_unlock(&wait->lock);
}

int block_request_run(struct block_device *device, struct block_request *request) {
    struct block_wait wait = { .lock = SPINLOCK_INIT("block wait") };
    wait_queue_init(&wait.queue, "disk");
    request->done = wait_done;
    request->context = &wait;
    block_submit(device, request);
    spin_lock(&wait.lock);
    wait_event(&wait.queue, wait.finished, &wait.lock);
    spin_unlock(&wait.lock);
    return request->error;
}

int block_transfer(struct block_device *device, enum block_op op, uint64_t sector, void *data,
                   size_t size) {
    struct block_request request = { .op = op, .sector = sector, .segment_count = 1 };
    request.segments[0] = (struct block_segment){ data, (uint32_t)size };
    return block_request_run(device, &request);
}

int block_flush(struct block_device *device) {
    struct block_request request = { .op = BLOCK_FLUSH };
    return block_request_run(device, &request);
}
