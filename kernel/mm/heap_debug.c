#include <debug/symbols.h>
#include <lib/format.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/heap.h>
#include <mm/heap_debug.h>
#include <mm/text.h>
#include <sched/thread.h>

// As a pointer it is no address that Sv39 has, as a PTE it is not valid.
#define POISON 0xd6
#define ZONE   0x9b

#define IN_USE 0x11feb10c
#define FREED  0xdeadb10c

// What stands before an object. Behind it is a red zone of 16 to 31 bytes, to a multiple of 16.
struct header {
    void *link;                 // heap.c's, while the object is free
    struct callers callers;
    uint32_t size, state;
    uint8_t zone[8];            // ends where the object begins
};
_Static_assert(sizeof(struct header) + 16 == HEAP_EXTRA, "room for the header and a zone");

static uint8_t *header_object(struct header *header) { return (uint8_t *)(header + 1); }

static uint8_t *header_end(struct header *header) {
    return header_object(header) + (header->size + 15ul) / 16 * 16 + 16;
}

// The first byte from `at` on that is not `byte`, or NULL. `end` is a multiple of 8.
static const uint8_t *first_other(const uint8_t *at, const uint8_t *end, uint8_t byte) {
    typedef uint64_t __attribute__((may_alias)) word;
    word wanted = byte * 0x0101010101010101ul;
    while (at < end) {
        if ((uint64_t)at % sizeof wanted == 0 && *(const word *)at == wanted)
            at += sizeof wanted;
        else if (*at != byte)
            return at;
        else
            at++;
    }
    return NULL;
}

// The kernel's code is in the top 2 GiB (riscv/layout.h): the low half of an address tells all of it.
static uint64_t caller_address(uint32_t low) { return (int64_t)(int32_t)low; }

// ", VERB by FUNCTION+OFFSET" of a return address; empty if there is none.
static const char *by(char text[80], const char *verb, uint64_t caller) {
    uint64_t offset;
    const char *name = caller ? symbol_find(caller - 2, &offset) : NULL;
    text[0] = '\0';
    if (name)
        snprintf(text, 80, ", %s by %s+0x%lx", verb, name, offset);
    return text;
}

static void __attribute__((noreturn)) report(const void *memory, size_t size, const char *what,
                                             const void *at, struct callers callers,
                                             uint64_t caller) {
    char allocated[80], freed[80], found[80];
    panic("heap: %lu bytes at %lx %s (at %lx)%s%s%s", size, (uint64_t)memory, what, (uint64_t)at,
          by(allocated, "allocated", caller_address(callers.allocated)),
          by(freed, "freed", caller_address(callers.freed)), by(found, "found", caller));
}

static void header_report(struct header *header, const char *what, const void *at,
                          uint64_t caller) {
    if (at)
        report(header_object(header), header->size, what, at, header->callers, caller);
}

void *heap_debug_wrap(void *room, size_t size, uint64_t caller) {
    struct header *header = room;
    if (header->state == FREED)
        header_report(header, "were written after they were freed",
                      first_other(header->zone, header_end(header), POISON), caller);
    header->callers = (struct callers){ .allocated = caller };
    header->size = size;
    header->state = IN_USE;
    uint8_t *object = header_object(header);
    memset(header->zone, ZONE, sizeof header->zone);
    memset(object, POISON, size);
    memset(object + size, ZONE, header_end(header) - (object + size));
    frame_of_virt(room)->callers->allocated = caller;
    return object;
}

// A frame that has gone back knows who freed one of its objects last.
static void check_is_object(struct header *header, uint64_t caller) {
    struct frame *frame = frame_of_virt(header);
    if (!frame_refs(frame))
        report(frame_virt(frame), PAGE_SIZE, "are free, and an object there is freed again",
               header_object(header), *frame->callers, caller);
    if (header->state == FREED)
        header_report(header, "are freed again", header, caller);
    if (header->state != IN_USE)
        header_report(header, "are no object, or were written before their start", header, caller);
}

void *heap_debug_unwrap(void *object, uint64_t caller) {
    struct header *header = (struct header *)object - 1;
    check_is_object(header, caller);
    header->callers.freed = caller;
    header_report(header, "were written before their start",
                  first_other(header->zone, object, ZONE), caller);
    header_report(header, "were written past their end",
                  first_other(header_object(header) + header->size, header_end(header), ZONE),
                  caller);
    header->state = FREED;
    memset(header->zone, POISON, header_end(header) - header->zone);
    *frame_of_virt(header)->callers = header->callers;
    return header;
}

// --- whose the objects are

#define OWNERS 256

struct owner {
    uint32_t caller;
    uint32_t objects;
    uint64_t bytes;
};

static void owner_count(struct owner *owners, const struct header *header) {
    unsigned i = 0;
    while (i < OWNERS - 1 && owners[i].objects && owners[i].caller != header->callers.allocated)
        i++;
    owners[i].caller = header->callers.allocated;
    owners[i].objects++;
    owners[i].bytes += header->size;
}

// Others go on meanwhile, so what is found may be half made.
static void owners_count(struct owner *owners) {
    struct heap_class class;
    for (struct frame *frame = frame_table; frame < frame_table + (frame_limit - frame_first); frame++) {
        if (frame->kind != FRAME_SLAB || !heap_class_get(frame->index & 0xff, &class))
            continue;
        for (size_t at = 0; at + class.size <= PAGE_SIZE; at += class.size) {
            const struct header *header = frame_virt(frame) + at;
            if (header->state == IN_USE)
                owner_count(owners, header);
        }
    }
}

void heap_debug_show_owners(struct text *text) {
    struct owner *owners = kzalloc(OWNERS * sizeof *owners);
    char name[80];
    if (!owners)
        return;
    owners_count(owners);
    for (unsigned i = 0; i < OWNERS && owners[i].objects; i++)
        text_printf(text, "in use: %u, %lu bytes%s\n", owners[i].objects, owners[i].bytes,
                    by(name, "allocated", caller_address(owners[i].caller)));
    kfree(owners);
}

// A frame that has been freed once has the name of who did it, and is poisoned while it is free.
void frame_debug_alloc(struct frame *block, uint64_t caller) {
    for (struct frame *frame = block; frame < block + (1ul << block->order); frame++) {
        const uint8_t *memory = frame_virt(frame);
        const uint8_t *other = frame->callers->freed
                                   ? first_other(memory, memory + PAGE_SIZE, POISON)
                                   : NULL;
        if (other)
            report(memory, PAGE_SIZE, "were written after they were freed", other,
                   *frame->callers, caller);
        *frame->callers = (struct callers){ .allocated = caller };
    }
}

void frame_debug_free(struct frame *block, uint64_t caller) {
    for (struct frame *frame = block; frame < block + (1ul << block->order); frame++)
        if (!frame->callers->freed)
            frame->callers->freed = caller;
    memset(frame_virt(block), POISON, (size_t)PAGE_SIZE << block->order);
}

void frame_debug_over_put(struct frame *frame, uint64_t caller) {
    report(frame_virt(frame), PAGE_SIZE, "are freed again", frame_virt(frame), *frame->callers,
           caller);
}

bool heap_debug_fails(void) {
    struct alloc_fails *fails = thread_current()->alloc_fails;
    if (!fails->every || --fails->left)
        return false;
    fails->left = fails->every;
    fails->failed++;
    return true;
}

uint32_t heap_debug_fail(uint32_t every) {
    struct alloc_fails *fails = thread_current()->alloc_fails;
    uint32_t failed = fails->failed;
    *fails = (struct alloc_fails){ .every = every, .left = every };
    return failed;
}
