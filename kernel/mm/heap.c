// The kernel heap: slabs of equal objects for small sizes, whole frames for large ones.
//
// A slab is one frame. Its struct frame holds its state: `owner` the first free object (each
// free object holds the address of the next), `index` the class and the number in use. So an
// object finds its slab, and kfree its class, from the address alone.
#include <lib/string.h>
#include <mm/frame_list.h>
#include <mm/heap.h>
#include <mm/heap_debug.h>
#include <sync/spinlock.h>

#define LARGEST_SMALL 2048

static const uint16_t class_sizes[] = { 16,  32,  48,  64,  96,  128, 192,
                                        256, 384, 512, 768, 1024, 2048 };
#define CLASSES (sizeof class_sizes / sizeof class_sizes[0])

static struct slab_class {
    struct spinlock lock;
    struct frame_list partial;          // slabs with a free object
    uint64_t used;                      // objects
    uint64_t slabs;
} classes[CLASSES];

static uint64_t large_bytes;            // atomic
static uint8_t class_of_size[LARGEST_SMALL / 16 + 1];

static unsigned slab_class(const struct frame *slab) { return slab->index & 0xff; }
static uint64_t slab_used(const struct frame *slab) { return slab->index >> 8; }

void heap_init(void) {
    unsigned class = 0;
    for (unsigned i = 0; i <= LARGEST_SMALL / 16; i++) {
        if (i * 16 > class_sizes[class])
            class++;
        class_of_size[i] = class;
    }
    for (unsigned i = 0; i < CLASSES; i++) {
        spin_init(&classes[i].lock, "heap");
        classes[i].partial = (struct frame_list)FRAME_LIST_INIT;
    }
}

// A fresh slab: all its objects in one chain.
static struct frame *slab_create(unsigned class, unsigned how) {
    struct frame *slab = frame_alloc(FRAME_SLAB, how);
    if (!slab)
        return NULL;
    char *base = frame_virt(slab);
    unsigned size = class_sizes[class];
    void *first = NULL;
    for (int i = PAGE_SIZE / size - 1; i >= 0; i--) {
        void **object = (void **)(base + i * size);
        *object = first;
        first = object;
    }
    slab->owner = first;
    slab->index = class;
    return slab;
}

static void *slab_take(struct slab_class *class, struct frame *slab) {
    void **object = slab->owner;
    slab->owner = *object;
    slab->index += 1 << 8;
    if (!slab->owner)
        frame_list_remove(&class->partial, slab);
    class->used++;
    return object;
}

static void *small_alloc(unsigned index, unsigned how) {
    struct slab_class *class = &classes[index];
    spin_lock(&class->lock);
    struct frame *slab = frame_list_first(&class->partial);
    if (!slab) {
        // Making one may sleep; meanwhile another may have come, which does no harm.
        spin_unlock(&class->lock);
        slab = slab_create(index, how);
        if (!slab)
            return NULL;
        spin_lock(&class->lock);
        frame_list_push(&class->partial, slab);
        class->slabs++;
    }
    void *object = slab_take(class, slab);
    spin_unlock(&class->lock);
    return object;
}

static void *large_alloc(size_t size, unsigned how) {
    unsigned order = 0;
    while ((size_t)PAGE_SIZE << order < size)
        order++;
    struct frame *frame = frames_alloc(FRAME_KERNEL, order, how);
    if (!frame)
        return NULL;
    __atomic_fetch_add(&large_bytes, PAGE_SIZE << order, __ATOMIC_RELAXED);
    return frame_virt(frame);
}

static void *room_alloc(size_t size, unsigned how) {
    if (size > LARGEST_SMALL)
        return large_alloc(size, how);
    return small_alloc(class_of_size[(size + 15) / 16], how);
}

static void *allocate(size_t size, unsigned how, uint64_t caller) {
    if (size > HEAP_LARGEST)
        return NULL;
    void *room = DEBUG_HEAP && heap_debug_fails() ? NULL : room_alloc(size + HEAP_EXTRA, how);
    return DEBUG_HEAP && room ? heap_debug_wrap(room, size, caller) : room;
}

void *kmalloc(size_t size) { return allocate(size, 0, CALLER); }
void *kmalloc_nowait(size_t size) { return allocate(size, FRAME_NOWAIT, CALLER); }

void *kzalloc(size_t size) {
    void *object = allocate(size, 0, CALLER);
    if (object)
        memset(object, 0, size);
    return object;
}

static void small_free(struct frame *slab, void *object) {
    struct slab_class *class = &classes[slab_class(slab)];
    spin_lock(&class->lock);
    // The object freed last, freed again (make DEBUG_HEAP=1 finds any).
    assert(slab_used(slab) > 0 && slab->owner != object);
    if (!slab->owner)
        frame_list_push(&class->partial, slab);
    *(void **)object = slab->owner;
    slab->owner = object;
    slab->index -= 1 << 8;
    class->used--;
    // An empty slab goes back, unless it is the only one: the next kmalloc would want it.
    bool empty = slab_used(slab) == 0 && class->partial.count > 1;
    if (empty) {
        frame_list_remove(&class->partial, slab);
        class->slabs--;
    }
    spin_unlock(&class->lock);
    if (empty)
        frame_put(slab);
}

void kfree(void *object) {
    if (!object)
        return;
    if (DEBUG_HEAP)
        object = heap_debug_unwrap(object, CALLER);
    struct frame *frame = frame_of_virt(object);
    if (frame->kind == FRAME_SLAB) {
        small_free(frame, object);
        return;
    }
    assert(frame->kind == FRAME_KERNEL && (uint64_t)object % PAGE_SIZE == 0);
    __atomic_fetch_sub(&large_bytes, PAGE_SIZE << frame->order, __ATOMIC_RELAXED);
    frame_put(frame);
}

char *kstrdup(const char *string) {
    size_t size = strlen(string) + 1;
    char *copy = allocate(size, 0, CALLER);
    return copy ? memcpy(copy, string, size) : NULL;
}

bool heap_class_get(unsigned index, struct heap_class *out) {
    if (index >= CLASSES)
        return false;
    struct slab_class *class = &classes[index];
    size_t size = class_sizes[index];
    spin_lock(&class->lock);
    *out = (struct heap_class){ size, class->used, 0, class->slabs };
    spin_unlock(&class->lock);
    out->free = out->slabs * (PAGE_SIZE / size) - out->used;
    return true;
}

void heap_stats_get(struct heap_stats *stats) {
    stats->used = stats->held = stats->large = large_bytes;
    struct heap_class class;
    for (unsigned i = 0; heap_class_get(i, &class); i++) {
        stats->used += class.used * class.size;
        stats->held += class.slabs * PAGE_SIZE;
    }
}
