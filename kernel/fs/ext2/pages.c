// File data: pages from and to the disk, and room for them.
#include "ext2_private.h"

#include <lib/string.h>

// A transfer under construction: pieces of memory that are neighbours on the disk.
struct transfer {
    struct inode *inode;
    uint32_t next;                      // the disk block that would continue it
    struct block_request request;
};

static struct inode *inode_of(struct page_object *object) {
    return container_of(object, struct inode, pages);
}

static int transfer_run(struct transfer *transfer) {
    struct ext2 *fs = ext2_of(transfer->inode);
    if (!transfer->request.segment_count)
        return 0;
    int error = block_request_run(fs->super->device, &transfer->request);
    transfer->request.segment_count = 0;
    return error;
}

// Adds one block; runs what there was if it does not fit behind it.
static int transfer_add(struct transfer *transfer, uint32_t block, void *data) {
    uint32_t size = ext2_of(transfer->inode)->block_size;
    struct block_request *request = &transfer->request;
    if (request->segment_count && block == transfer->next) {
        struct block_segment *last = &request->segments[request->segment_count - 1];
        transfer->next++;
        if ((uint8_t *)last->data + last->size == data) {
            last->size += size;
            return 0;
        }
        if (request->segment_count < BLOCK_MAX_SEGMENTS) {
            request->segments[request->segment_count++] = (struct block_segment){ data, size };
            return 0;
        }
    }
    int error = transfer_run(transfer);
    request->sector = (uint64_t)block * (size / SECTOR_SIZE);
    request->segments[0] = (struct block_segment){ data, size };
    request->segment_count = 1;
    transfer->next = block + 1;
    return error;
}

// Adds the blocks of one page. Holes and what is behind the end read as zeros: blocks there may be
// new and never written, or about to be freed.
static int read_one(struct transfer *transfer, uint64_t index, struct frame *frame) {
    struct inode *inode = transfer->inode;
    uint32_t block_size = ext2_of(inode)->block_size, block;
    uint64_t size = __atomic_load_n(&inode->size, __ATOMIC_ACQUIRE);
    uint8_t *data = frame_virt(frame);
    for (uint32_t at = 0; at < PAGE_SIZE; at += block_size) {
        uint64_t offset = index * PAGE_SIZE + at;
        int error = 0;
        block = 0;
        if (offset < size)
            error = ext2_map(inode, offset / block_size, &block);
        if (!error && block)
            error = transfer_add(transfer, block, data + at);
        else
            memset(data + at, 0, block_size);
        if (error)
            return error;
    }
    return 0;
}

// Zeros the bytes behind the end of the file in a page that was read.
static void clear_tail(struct inode *inode, uint64_t index, struct frame *frame) {
    uint64_t size = __atomic_load_n(&inode->size, __ATOMIC_ACQUIRE), start = index * PAGE_SIZE;
    uint64_t valid = size > start ? size - start : 0;
    if (valid < PAGE_SIZE)
        memset((uint8_t *)frame_virt(frame) + valid, 0, PAGE_SIZE - valid);
}

static int read_pages(struct page_object *object, uint64_t index, struct frame **frames,
                      unsigned count) {
    struct transfer transfer = { .inode = inode_of(object), .request.op = BLOCK_READ };
    int error = 0;
    for (unsigned i = 0; i < count && !error; i++)
        error = read_one(&transfer, index + i, frames[i]);
    if (!error)
        error = transfer_run(&transfer);
    for (unsigned i = 0; i < count && !error; i++)
        clear_tail(transfer.inode, index + i, frames[i]);
    return error;
}

static int read_page(struct page_object *object, uint64_t index, struct frame *frame) {
    return read_pages(object, index, &frame, 1);
}

static bool all_zero(const void *data, uint32_t size) {
    const uint64_t *words = data;
    for (uint32_t i = 0; i < size / 8; i++)
        if (words[i])
            return false;
    return true;
}

// Adds the blocks of one page. They exist since reserve; a hole's zeros need none.
static int write_one(struct transfer *transfer, uint64_t index, struct frame *frame) {
    struct inode *inode = transfer->inode;
    uint32_t block_size = ext2_of(inode)->block_size, block;
    uint8_t *data = frame_virt(frame);
    for (uint32_t at = 0; at < PAGE_SIZE; at += block_size) {
        uint64_t offset = index * PAGE_SIZE + at;
        int error = ext2_map(inode, offset / block_size, &block);
        if (!error && block)
            error = transfer_add(transfer, block, data + at);
        else if (!error && offset < inode->size && !all_zero(data + at, block_size))
            error = -EIO;
        if (error)
            return error;
    }
    return 0;
}

// truncate waits until no write is in flight that found the old blocks of the last page.
static void writes_begin(struct ext2_inode *own) {
    spin_lock(&own->lock);
    own->writes++;
    spin_unlock(&own->lock);
}

static void writes_end(struct ext2_inode *own) {
    spin_lock(&own->lock);
    if (--own->writes == 0)
        wake_all(&own->writes_end);
    spin_unlock(&own->lock);
}

static void writes_wait(struct ext2_inode *own) {
    spin_lock(&own->lock);
    wait_event(&own->writes_end, own->writes == 0, &own->lock);
    spin_unlock(&own->lock);
}

static int write_pages(struct page_object *object, uint64_t index, struct frame **frames,
                       unsigned count) {
    struct inode *inode = inode_of(object);
    struct transfer transfer = { .inode = inode, .request.op = BLOCK_WRITE };
    int error = 0;
    writes_begin(ext2_inode_of(inode));
    for (unsigned i = 0; i < count && !error; i++)
        error = write_one(&transfer, index + i, frames[i]);
    int last = transfer_run(&transfer);
    ext2_of(inode)->buffers.unflushed = true;
    writes_end(ext2_inode_of(inode));
    return error ? error : last;
}

static int write_page(struct page_object *object, uint64_t index, struct frame *frame) {
    return write_pages(object, index, &frame, 1);
}

const struct page_object_ops ext2_page_ops = {
    .read_page = read_page,
    .write_page = write_page,
    .read_pages = read_pages,
    .write_pages = write_pages,
    .size = inode_pages_size,
    .prepare_write = inode_pages_prepare_write,
    .dirtied = inode_pages_dirtied,
};

// Is any of the file's blocks [first, last] a hole? 1, 0 or -errno.
static int has_hole(struct inode *inode, uint64_t first, uint64_t last) {
    for (uint64_t i = first; i <= last; i++) {
        uint32_t block;
        int error = ext2_map(inode, i, &block);
        if (error)
            return error;
        if (!block)
            return 1;
    }
    return 0;
}

// Gives the blocks [first, last], all in page `index`, a place on the disk. The page is brought in
// before, as the zeros that the holes are, and is dirty after: so what the disk held in the new
// blocks is never seen, whatever becomes of the write.
static int reserve_page(struct inode *inode, uint64_t index, uint64_t first, uint64_t last) {
    struct frame *frame;
    uint32_t block;
    int error = has_hole(inode, first, last);
    if (error <= 0)
        return error;
    error = page_get(&inode->pages, index, &frame);
    if (error)
        return error;
    for (uint64_t i = first; i <= last && !error; i++)
        error = ext2_map_create(inode, i, &block);
    page_mark_dirty(frame);
    frame_put(frame);
    return error;
}

// Frees the blocks from `first` to the end of its page, which stays: a write of that page may be
// under way to them, and they must not become another file's before it is over.
static int free_page_tail(struct inode *inode, uint64_t first) {
    struct ext2 *fs = ext2_of(inode);
    uint32_t per_page = PAGE_SIZE / fs->block_size, blocks[4] = { 0 };
    unsigned count = (per_page - first % per_page) % per_page;
    int error = 0;
    for (unsigned i = 0; i < count && !error; i++)
        error = ext2_map_detach(inode, first + i, &blocks[i]);
    writes_wait(ext2_inode_of(inode));
    for (unsigned i = 0; i < count && !error; i++) {
        if (!blocks[i])
            continue;
        error = ext2_blocks_free(fs, blocks[i], 1);
        ext2_count_freed(inode, 1);
    }
    return error;
}

// Frees the blocks behind the end. If that fails they are in the map still, and must go before
// the file grows over them.
static int trim(struct inode *inode) {
    uint32_t block_size = inode->super->block_size;
    uint64_t first = (inode->size + block_size - 1) / block_size;
    int error = free_page_tail(inode, first);
    if (!error)
        error = ext2_map_free(inode, first);
    ext2_inode_of(inode)->untrimmed = error != 0;
    return error;
}

int ext2_reserve(struct inode *inode, uint64_t offset, uint64_t size) {
    struct super *super = inode->super;
    if (super->read_only)
        return -EROFS;
    if (size > super->max_size || offset > super->max_size - size)
        return -EFBIG;
    uint64_t end = offset + size;
    int error = end > inode->size && ext2_inode_of(inode)->untrimmed ? trim(inode) : 0;
    for (uint64_t at = offset; at < end && !error;) {
        uint64_t stop = page_floor(at) + PAGE_SIZE < end ? page_floor(at) + PAGE_SIZE : end;
        error = reserve_page(inode, at / PAGE_SIZE, at / super->block_size,
                             (stop - 1) / super->block_size);
        at = stop;
    }
    return error;
}

int ext2_truncate(struct inode *inode, uint64_t size) {
    struct super *super = inode->super;
    if (super->read_only)
        return -EROFS;
    if (size > super->max_size)
        return -EFBIG;
    bool shrinks = size <= inode->size;
    int error = 0;
    if (shrinks)
        error = page_object_zero_tail(&inode->pages, size);
    else if (ext2_inode_of(inode)->untrimmed)
        error = trim(inode);
    if (error)
        return error;
    __atomic_store_n(&inode->size, size, __ATOMIC_RELEASE);
    inode->mtime = inode->ctime = inode_time_now();
    inode_mark_dirty(inode);
    if (!shrinks)
        return 0;
    page_object_truncate(&inode->pages, (size + PAGE_SIZE - 1) / PAGE_SIZE);
    return trim(inode);
}
