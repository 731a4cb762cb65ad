// The page cache: the one way to file data.
//
// A page object is a file's pages in memory, indexed by page number. read, write, exec and
// page faults all take their pages here, so they all see the same bytes. What is not in
// memory is brought in by the object's own operations, which fs/ supplies: mm/ knows no
// file system.
#ifndef MM_PAGE_CACHE_H
#define MM_PAGE_CACHE_H

#include <lib/list.h>
#include <mm/frame.h>
#include <mm/frame_list.h>
#include <mm/radix.h>
#include <mm/rmap.h>
#include <sync/spinlock.h>

#define PAGE_BATCH 16                   // pages in one read_pages or write_pages

struct page_object;

struct page_object_ops {
    // Fills `frame` with page `index` (zeros in holes and past the end): 0 or -errno. Sleeps.
    int (*read_page)(struct page_object *object, uint64_t index, struct frame *frame);
    // Brings `frame` to stable storage's queue and waits for it: 0 or -errno. Sleeps.
    int (*write_page)(struct page_object *object, uint64_t index, struct frame *frame);
    // The same as the first two for `count` (at most PAGE_BATCH) consecutive pages from `index`
    // on, best with all transfers in flight at once. Optional.
    int (*read_pages)(struct page_object *object, uint64_t index, struct frame **frames,
                      unsigned count);
    int (*write_pages)(struct page_object *object, uint64_t index, struct frame **frames,
                       unsigned count);
    // For shared mappings. The size in bytes: what lies behind its last page is SIGBUS.
    uint64_t (*size)(struct page_object *object);
    // Makes room on the disk for page `index`, which is about to be written through a mapping:
    // 0 or -errno. May sleep; called with space->lock held shared. Optional.
    int (*prepare_write)(struct page_object *object, uint64_t index);
    // The object was clean and now has a dirty page. Called with object->lock held. Optional.
    void (*dirtied)(struct page_object *object);
};

struct page_object {
    const struct page_object_ops *ops;
    struct spinlock lock;               // guards all that follows
    struct radix_tree tree;             // page number -> frame, with a reference
    uint64_t pages;                     // in the tree
    struct frame_list dirty;            // of those, dirty: to be written, oldest last
    unsigned writing;                   // batches that are being written now
    int error;                          // of a write-back, not yet told to anybody
    bool in_memory;                     // no storage but swap (memory_object.h): dirty pages are pinned
    uint64_t pinned;                    // pages pinned for that reason
    struct radix_tree slots;            // page number -> swap slot, for pages not in memory
    struct list memory_node;            // on the list of those that have slots
    struct mapping mapping;             // the areas that show its pages
};

void page_object_init(struct page_object *object, const struct page_object_ops *ops);

// What areas keep so that an object stays whose pages they show; fs/ has one in every open file.
struct backing {
    struct page_object *object;
    const struct backing_ops *ops;
};

struct backing_ops {
    // One reference more or less. release may sleep.
    void (*hold)(struct backing *backing);
    void (*release)(struct backing *backing);
    // What it is, for those who look: the numbers of device and inode, and the name, cut off if there is
    // no room. Never sleeps.
    void (*describe)(struct backing *backing, uint32_t *device, uint64_t *inode, char *name,
                     size_t size);
};

// Page `index`, up to date, with a reference for the caller: 0, -ENOMEM, -EIO or what
// read_page says. Waits while somebody else reads it. May sleep; no inode lock is needed.
int must_check page_get(struct page_object *object, uint64_t index, struct frame **out);

// As page_get, but a page that is absent comes back zero-filled and up to date without
// reading: for pages that are overwritten whole or lie past the end. May sleep.
int must_check page_get_zero(struct page_object *object, uint64_t index, struct frame **out);

// The page if it is present and up to date (with a reference), else NULL. Never sleeps.
struct frame *page_lookup(struct page_object *object, uint64_t index);

// The contents changed: it must be written back. The caller holds a reference. Never sleeps.
void page_mark_dirty(struct frame *frame);

// Brings pages [index, index+count) in, as far as they are absent and the object can read
// several at once: a hint, which reports no error. May sleep.
void page_read_ahead(struct page_object *object, uint64_t index, uint64_t count);

// Writes all dirty pages of an object and waits: 0 or the first error since the last call,
// those of write-backs in between included. What could not be written for want of memory (-ENOMEM)
// stays dirty. May sleep; needs no inode lock.
int must_check page_object_sync(struct page_object *object);

// The same, but an error other than -ENOMEM stays to be told to the next page_object_sync. For the
// write-back thread.
int must_check page_object_write_back(struct page_object *object);

// Is there something to write?
static inline bool page_object_dirty(const struct page_object *object) {
    return __atomic_load_n(&object->dirty.count, __ATOMIC_ACQUIRE) != 0;
}

// Drops all pages from `first` on, dirty or not (they are being truncated). May sleep.
void page_object_truncate(struct page_object *object, uint64_t first);

// Zeros the bytes after `size` in the page that holds the end, for when the size has shrunk or is
// about to grow (a program may have written there through a mapping). 0 or why the page cannot be
// read. May sleep.
int must_check page_object_zero_tail(struct page_object *object, uint64_t size);

// Drops everything; the object is about to be freed and nobody else knows it.
void page_object_destroy(struct page_object *object);

// Dirty pages are written back by a thread that fs/ owns. It is asked to start by `wake`
// (callable with spinlocks held) when there are many, or when reclaim finds nothing else.
struct thread;
void page_writer_register(struct thread *writer, void (*wake)(void));

// Makes a thread that dirties pages faster than they can be written wait for the writer. May
// sleep: call it without locks.
void page_throttle(void);

// Takes a page that is busy, clean and mapped by nobody out of its object: false if it is not so,
// or somebody else has a reference. Then the caller has the last one. Never sleeps.
bool page_drop_clean(struct frame *frame);

// Drops a page of a file if it is clean, mapped by nobody and not busy. Any frame may be asked for,
// without a reference. Never sleeps.
bool page_drop_unmapped(struct frame *frame);

// Pages dirty, and pages pinned in file systems that live in memory; of all objects.
uint64_t page_dirty_count(void);
uint64_t page_pinned_count(void);


#endif
