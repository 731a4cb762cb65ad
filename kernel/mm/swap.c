// Swap disks: their slots, and which are in use.
#include <abi/errno.h>
#include <block/block.h>
#include <lib/string.h>
#include <mm/counters.h>
#include <mm/frame.h>
#include <mm/heap.h>
#include <mm/swap_internal.h>

#define SECTORS_PER_SLOT (PAGE_SIZE / SECTOR_SIZE)
#define STATES_PER_FRAME (PAGE_SIZE / sizeof(uint32_t))

// The state of a slot is one number: how many entries name it, with CACHED while the cache has it; 0
// when it is free.
#define SLOT_CACHED 0x40000000u
#define SLOT_LIMIT  0x3fffffffu

struct spinlock swap_lock = SPINLOCK_INIT("swap");
static struct list disks = LIST_INIT(disks);            // struct swap_disk, in order of slots
static uint32_t slots_all, slots_free;

// A frame of states.
struct chunk {
    struct frame *states;
    uint32_t used;
};

struct swap_disk {
    struct list node;
    struct block_device *device;
    uint32_t first, count;              // slots
    uint32_t next;                      // offset at which the search for a free one goes on
    uint32_t used;
    bool closing;                       // swap_off: hands out no slot
    struct chunk *chunks;
};

static uint32_t chunk_count(const struct swap_disk *disk) {
    return (disk->count + STATES_PER_FRAME - 1) / STATES_PER_FRAME;
}

static uint32_t *state_at(struct swap_disk *disk, uint32_t offset) {
    uint32_t *states = frame_virt(disk->chunks[offset / STATES_PER_FRAME].states);
    return &states[offset % STATES_PER_FRAME];
}

static struct swap_disk *disk_of(uint32_t slot) {
    struct swap_disk *disk;
    list_for_each(disk, &disks, node) {
        if (slot >= disk->first && slot - disk->first < disk->count)
            return disk;
    }
    panic("swap slot %u is on no disk", slot);
}

static uint32_t *state_of(uint32_t slot) {
    assert(spin_holding(&swap_lock));
    struct swap_disk *disk = disk_of(slot);
    uint32_t *state = state_at(disk, slot - disk->first);
    assert(*state);
    return state;
}

static void release(uint32_t slot) {
    struct swap_disk *disk = disk_of(slot);
    uint32_t offset = slot - disk->first;
    *state_at(disk, offset) = 0;
    disk->chunks[offset / STATES_PER_FRAME].used--;
    disk->used--;
    slots_free += !disk->closing;
}

// The next free slot behind the one taken last, so that pages that go together lie together, and
// are read together. There is one.
static uint32_t next_free(struct swap_disk *disk) {
    uint32_t offset = disk->next;
    for (;;) {
        if (offset >= disk->count)
            offset = 0;
        if (!*state_at(disk, offset))
            return offset;
        bool full = disk->chunks[offset / STATES_PER_FRAME].used == STATES_PER_FRAME;
        offset = full ? (offset / STATES_PER_FRAME + 1) * STATES_PER_FRAME : offset + 1;
    }
}

uint32_t slot_take_cached(void) {
    assert(spin_holding(&swap_lock));
    struct swap_disk *disk;
    list_for_each(disk, &disks, node) {
        if (disk->closing || disk->used == disk->count)
            continue;
        uint32_t offset = next_free(disk);
        *state_at(disk, offset) = SLOT_CACHED;
        disk->next = offset + 1;
        disk->chunks[offset / STATES_PER_FRAME].used++;
        disk->used++;
        slots_free--;
        return disk->first + offset;
    }
    return 0;
}

bool slot_readable(uint32_t slot, uint32_t neighbour) {
    struct swap_disk *disk = disk_of(neighbour);
    if (slot - disk->first >= disk->count)
        return false;
    uint32_t state = *state_at(disk, slot - disk->first);
    return state && !(state & SLOT_CACHED);
}

unsigned slot_entries(uint32_t slot) { return *state_of(slot) & ~SLOT_CACHED; }

void slot_set_cached(uint32_t slot) { *state_of(slot) |= SLOT_CACHED; }

void slot_clear_cached(uint32_t slot) {
    uint32_t *state = state_of(slot);
    *state &= ~SLOT_CACHED;
    if (!*state)
        release(slot);
}

void swap_slot_get(uint32_t slot) {
    spin_lock(&swap_lock);
    ++*state_of(slot);
    spin_unlock(&swap_lock);
}

uint32_t swap_slot_take(void) {
    spin_lock(&swap_lock);
    uint32_t slot = slot_take_cached();
    if (slot)
        *state_of(slot) = 1;
    spin_unlock(&swap_lock);
    return slot;
}

int swap_slot_read(uint32_t slot, void *page) {
    uint64_t sector;
    struct block_device *device = slot_place(slot, &sector);
    vm_count(VM_SWAP_IN);
    return block_transfer(device, BLOCK_READ, sector, page, PAGE_SIZE);
}

void swap_slot_put(uint32_t slot) {
    spin_lock(&swap_lock);
    uint32_t *state = state_of(slot);
    assert(*state & ~SLOT_CACHED);
    if (--*state == 0)
        release(slot);
    struct frame *garbage = *state == SLOT_CACHED ? cache_take_garbage(slot) : NULL;
    spin_unlock(&swap_lock);
    if (garbage)
        frame_put(garbage);
}

bool slots_adjoin(uint32_t slot, uint32_t later) {
    spin_lock(&swap_lock);
    bool same = disk_of(slot) == disk_of(later);
    spin_unlock(&swap_lock);
    return same;
}

uint64_t swap_total(void) { return slots_all; }
uint64_t swap_free(void) { return slots_free; }

bool swap_info_get(unsigned index, struct swap_info *info) {
    bool found = false;
    spin_lock(&swap_lock);
    struct swap_disk *disk;
    list_for_each(disk, &disks, node) {
        if (index-- == 0) {
            *info = (struct swap_info){ disk->device, disk->count, disk->used };
            found = true;
            break;
        }
    }
    spin_unlock(&swap_lock);
    return found;
}

struct block_device *slot_place(uint32_t slot, uint64_t *sector) {
    spin_lock(&swap_lock);
    struct swap_disk *disk = disk_of(slot);
    // The disk's first page is its header.
    *sector = (uint64_t)(slot - disk->first + 1) * SECTORS_PER_SLOT;
    spin_unlock(&swap_lock);
    return disk->device;
}

// --- on and off ---

// The header of mkswap (util-linux, include/swapheader.h): version, last page and number of bad
// pages at 1024, the signature at the end of the first page.
#define HEADER_INFO      1024
#define HEADER_SIGNATURE (PAGE_SIZE - 10)

// How many slots the signature promises and the disk has; 0 for no swap disk. *error if it cannot
// be read.
static uint32_t header_slots(struct block_device *device, int *error) {
    uint8_t *header = kmalloc(PAGE_SIZE);
    *error = header ? block_transfer(device, BLOCK_READ, 0, header, PAGE_SIZE) : -ENOMEM;
    uint32_t slots = 0;
    if (!*error && !memcmp(header + HEADER_SIGNATURE, "SWAPSPACE2", 10)) {
        uint32_t info[3];               // version, last page, bad pages
        memcpy(info, header + HEADER_INFO, sizeof info);
        uint64_t pages = device->sectors / SECTORS_PER_SLOT;
        if (info[0] == 1 && info[1] < pages && !info[2])
            slots = info[1];
    }
    kfree(header);
    return slots;
}

static void disk_free(struct swap_disk *disk) {
    for (uint32_t i = 0; disk->chunks && i < chunk_count(disk); i++)
        if (disk->chunks[i].states)
            frame_put(disk->chunks[i].states);
    kfree(disk->chunks);
    kfree(disk);
}

static struct swap_disk *disk_create(struct block_device *device, uint32_t count) {
    struct swap_disk *disk = kzalloc(sizeof *disk);
    if (!disk)
        return NULL;
    disk->device = device;
    disk->count = count;
    disk->chunks = kzalloc(chunk_count(disk) * sizeof *disk->chunks);
    bool complete = disk->chunks;
    for (uint32_t i = 0; complete && i < chunk_count(disk); i++)
        complete = (disk->chunks[i].states = frame_alloc(FRAME_KERNEL, FRAME_ZERO));
    if (!complete) {
        disk_free(disk);
        return NULL;
    }
    return disk;
}

static struct swap_disk *disk_find(const struct block_device *device) {
    struct swap_disk *disk;
    list_for_each(disk, &disks, node) {
        if (disk->device == device)
            return disk;
    }
    return NULL;
}

// Numbers go up and are not used again while a disk behind is in use.
static bool disk_add(struct swap_disk *disk) {
    uint64_t first = 1;
    struct swap_disk *other;
    list_for_each(other, &disks, node)
        first = (uint64_t)other->first + other->count;
    if (disk_find(disk->device) || first + disk->count > SLOT_LIMIT)
        return false;
    disk->first = first;
    list_push_back(&disks, &disk->node);
    slots_all += disk->count;
    slots_free += disk->count;
    return true;
}

int swap_on(struct block_device *device) {
    int error;
    uint32_t count = header_slots(device, &error);
    if (error || !count)
        return error ? error : -EINVAL;
    struct swap_disk *disk = disk_create(device, count);
    if (!disk)
        return -ENOMEM;
    spin_lock(&swap_lock);
    bool added = disk_add(disk);
    spin_unlock(&swap_lock);
    if (!added)
        disk_free(disk);
    return added ? 0 : -EBUSY;
}

static void disk_close(struct swap_disk *disk, bool closing) {
    if (disk->closing == closing)
        return;
    disk->closing = closing;
    uint32_t free = disk->count - disk->used;
    slots_all += closing ? -disk->count : disk->count;
    slots_free += closing ? -free : free;
}

int swap_off(struct block_device *device) {
    spin_lock(&swap_lock);
    struct swap_disk *disk = disk_find(device);
    bool mine = disk && !disk->closing;
    if (mine)
        disk_close(disk, true);
    spin_unlock(&swap_lock);
    if (!mine)
        return -EINVAL;
    int error = swap_empty_disk(disk->first, disk->first + disk->count);
    spin_lock(&swap_lock);
    if (!error && disk->used)
        error = -EBUSY;
    if (error)
        disk_close(disk, false);
    else
        list_remove(&disk->node);
    spin_unlock(&swap_lock);
    if (!error)
        disk_free(disk);
    return error;
}
