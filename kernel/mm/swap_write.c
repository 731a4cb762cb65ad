// Pages on their way to the swap disks.
#include <debug/log.h>
#include <block/block.h>
#include <mm/counters.h>
#include <mm/frame.h>
#include <mm/swap_internal.h>
#include <sched/wait.h>

// One request: pages whose slots are neighbours.
struct write {
    struct block_request request;
    struct frame *frames[BLOCK_MAX_SEGMENTS];
};

static struct spinlock written_lock = SPINLOCK_INIT("swap writes");
static struct wait_queue written_queue = WAIT_QUEUE_INIT(written_queue, "swap disk");
static unsigned writing;                // requests in flight; written_lock

static void write_done(struct block_request *request) {
    struct write *write = request->context;
    for (unsigned i = 0; request->error && i < request->segment_count; i++)
        frame_flag_set(write->frames[i], FRAME_DIRTY);
    spin_lock(&written_lock);
    writing--;
    wake_all(&written_queue);
    spin_unlock(&written_lock);
}

// Starts to write the first of the pages and those behind it that go with it: how many.
static unsigned write_start(struct write *write, struct swap_write *pages, unsigned count) {
    struct block_request *request = &write->request;
    uint32_t slot = pages[0].slot;
    unsigned n = 0;
    *request = (struct block_request){ .op = BLOCK_WRITE, .done = write_done, .context = write };
    struct block_device *device = slot_place(slot, &request->sector);
    while (n < count && n < BLOCK_MAX_SEGMENTS && pages[n].slot == slot + n &&
           (n == 0 || slots_adjoin(slot, slot + n))) {
        struct frame *frame = pages[n].frame;
        write->frames[n] = frame;
        request->segments[n] = (struct block_segment){ frame_virt(frame), PAGE_SIZE };
        n++;
    }
    request->segment_count = n;
    vm_count_many(VM_SWAP_OUT, n);
    spin_lock(&written_lock);
    writing++;
    spin_unlock(&written_lock);
    block_submit(device, request);
    return n;
}

void swap_write(struct swap_write *pages, unsigned count) {
    static struct write writes[SWAP_BATCH];     // of who has evict_lock
    unsigned requests = 0;
    assert(count <= SWAP_BATCH);
    for (unsigned done = 0; done < count;)
        done += write_start(&writes[requests++], pages + done, count - done);
    spin_lock(&written_lock);
    wait_event(&written_queue, writing == 0, &written_lock);
    spin_unlock(&written_lock);
    for (unsigned i = 0; i < requests; i++)
        if (writes[i].request.error)
            log_warning("swap: %u pages could not be written: error %d",
                        writes[i].request.segment_count, -writes[i].request.error);
}
