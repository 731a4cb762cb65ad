// Free blocks: the bitmaps, and the counts that go with them.
#include "ext2_private.h"

#include <fs/cred.h>
#include <sched/thread.h>

uint32_t ext2_bitmap_find_clear(const void *bitmap, uint32_t from, uint32_t limit) {
    const uint64_t *words = bitmap;
    while (from < limit) {
        uint64_t free = ~words[from / 64] >> (from % 64);
        if (!free) {
            from = (from / 64 + 1) * 64;
            continue;
        }
        for (; !(free & 0xff); free >>= 8)
            from += 8;
        for (; !(free & 1); free >>= 1)
            from++;
        return from < limit ? from : limit;
    }
    return limit;
}

bool ext2_bitmap_set(void *bitmap, uint32_t bit) {
    uint8_t *byte = (uint8_t *)bitmap + bit / 8, mask = (uint8_t)(1u << bit % 8);
    bool old = *byte & mask;
    *byte |= mask;
    return old;
}

bool ext2_bitmap_clear(void *bitmap, uint32_t bit) {
    uint8_t *byte = (uint8_t *)bitmap + bit / 8, mask = (uint8_t)(1u << bit % 8);
    bool old = *byte & mask;
    *byte &= (uint8_t)~mask;
    return old;
}

static uint32_t blocks_in_group(const struct ext2 *fs, uint32_t number) {
    uint32_t rest = fs->disk->blocks_count - ext2_group_start(fs, number);
    return rest < fs->disk->blocks_per_group ? rest : fs->disk->blocks_per_group;
}

// Takes the first free block of a group from `goal` (a bit) on, else its first free one:
// 0 with the block in *out, which is 0 if the group is full.
static int take_from_group(struct ext2 *fs, uint32_t number, uint32_t goal, uint32_t *out) {
    struct ext2_group *group = &fs->groups[number];
    struct buffer *bitmap;
    *out = 0;
    if (!group->disk->free_blocks)
        return 0;
    int error = buffer_get(&fs->buffers, group->disk->block_bitmap, &bitmap);
    if (error)
        return error;
    uint32_t count = blocks_in_group(fs, number), bit = count;
    if (goal > group->block_hint)
        bit = ext2_bitmap_find_clear(bitmap->data, goal, count);
    if (bit == count) {
        bit = ext2_bitmap_find_clear(bitmap->data, group->block_hint, count);
        group->block_hint = bit < count ? bit + 1 : count;
    }
    uint32_t block = ext2_group_start(fs, number) + bit;
    if (bit < count && !ext2_block_ok(fs, block)) {
        error = ext2_damaged(fs, "block %u is metadata, but free", block);
    } else if (bit < count) {
        ext2_bitmap_set(bitmap->data, bit);
        buffer_mark_dirty(bitmap);
        group->disk->free_blocks--;
        buffer_mark_dirty(group->buffer);
        fs->disk->free_blocks--;
        fs->super_dirty = true;
        *out = block;
    }
    buffer_put(bitmap);
    return error;
}

// Some of the disk is kept for root, so that the system works when users have filled it.
static bool may_take_block(const struct ext2 *fs) {
    const struct cred *cred = thread_current()->cred;
    uint32_t kept = cred && cred->fsuid != 0 ? fs->disk->reserved_blocks : 0;
    return fs->disk->free_blocks > kept;
}

static int allocate_locked(struct ext2 *fs, uint32_t goal, uint32_t *out) {
    if (fs->super->read_only)
        return -EROFS;
    if (!may_take_block(fs))
        return -ENOSPC;
    if (goal < fs->disk->first_data_block || goal >= fs->disk->blocks_count)
        goal = fs->disk->first_data_block;
    goal -= fs->disk->first_data_block;
    uint32_t number = goal / fs->disk->blocks_per_group;
    uint32_t bit = goal % fs->disk->blocks_per_group;
    for (uint32_t i = 0; i < fs->group_count; i++) {
        int error = take_from_group(fs, number, bit, out);
        if (error || *out)
            return error;
        number = number + 1 < fs->group_count ? number + 1 : 0;
        bit = 0;
    }
    return -ENOSPC;
}

int ext2_block_allocate(struct inode *inode, uint32_t goal, uint32_t *out) {
    struct ext2 *fs = ext2_of(inode);
    mutex_lock(&fs->lock);
    int error = allocate_locked(fs, goal, out);
    mutex_unlock(&fs->lock);
    return error;
}

// Frees [first, first+count), all in one group.
static int free_in_group(struct ext2 *fs, uint32_t number, uint32_t first, uint32_t count) {
    struct ext2_group *group = &fs->groups[number];
    struct buffer *bitmap;
    int error = buffer_get(&fs->buffers, group->disk->block_bitmap, &bitmap);
    if (error)
        return error;
    uint32_t start = first - ext2_group_start(fs, number), bit = start;
    while (bit < start + count && ext2_bitmap_clear(bitmap->data, bit))
        bit++;
    buffer_mark_dirty(bitmap);
    buffer_put(bitmap);
    group->disk->free_blocks += bit - start;
    buffer_mark_dirty(group->buffer);
    fs->disk->free_blocks += bit - start;
    fs->super_dirty = true;
    if (start < group->block_hint)
        group->block_hint = start;
    if (bit < start + count)
        return ext2_damaged(fs, "block %u was free already", first + bit - start);
    return 0;
}

int ext2_blocks_free(struct ext2 *fs, uint32_t first, uint32_t count) {
    int error = 0;
    mutex_lock(&fs->lock);
    while (count && !error) {
        uint32_t number = (first - fs->disk->first_data_block) / fs->disk->blocks_per_group;
        uint32_t rest = ext2_group_start(fs, number) + blocks_in_group(fs, number) - first;
        uint32_t part = count < rest ? count : rest;
        error = free_in_group(fs, number, first, part);
        first += part;
        count -= part;
    }
    mutex_unlock(&fs->lock);
    return error;
}
