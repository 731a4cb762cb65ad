// Free inodes: in which group a new file is put, and which number it gets.
#include "ext2_private.h"

// A group for a new directory: directories are spread, so that each finds room near it for its
// files. The one with the most free blocks among those with no less free inodes than average;
// below the root; deeper down, the parent's own group as long as that is one of them.
static uint32_t directory_group(const struct ext2 *fs, const struct inode *parent) {
    uint32_t average = fs->disk->free_inodes / fs->group_count;
    uint32_t average_blocks = fs->disk->free_blocks / fs->group_count;
    uint32_t own = ext2_inode_of(parent)->group, best = own;
    const struct ext2_disk_group *group = fs->groups[own].disk;
    if (parent->number != EXT2_ROOT_INODE && group->free_inodes >= average &&
        group->free_blocks >= average_blocks)
        return own;
    for (uint32_t i = 0; i < fs->group_count; i++) {
        group = fs->groups[i].disk;
        if (group->free_inodes && group->free_inodes >= average &&
            group->free_blocks > fs->groups[best].disk->free_blocks)
            best = i;
    }
    return best;
}

// Takes a free inode of one group: its number, 0 if there is none.
static int take_from_group(struct ext2 *fs, uint32_t number, bool directory, uint32_t *out) {
    struct ext2_group *group = &fs->groups[number];
    uint32_t count = fs->disk->inodes_per_group;
    struct buffer *bitmap;
    *out = 0;
    if (!group->disk->free_inodes)
        return 0;
    int error = buffer_get(&fs->buffers, group->disk->inode_bitmap, &bitmap);
    if (error)
        return error;
    uint32_t bit = ext2_bitmap_find_clear(bitmap->data, group->inode_hint, count);
    group->inode_hint = bit < count ? bit + 1 : count;
    if (bit < count && fs->disk->free_inodes) {
        ext2_bitmap_set(bitmap->data, bit);
        buffer_mark_dirty(bitmap);
        group->disk->free_inodes--;
        group->disk->directories += directory;
        buffer_mark_dirty(group->buffer);
        fs->disk->free_inodes--;
        fs->super_dirty = true;
        *out = number * count + bit + 1;
    }
    buffer_put(bitmap);
    return 0;
}

int ext2_number_allocate(struct inode *dir, bool directory, uint32_t *out) {
    struct ext2 *fs = ext2_of(dir);
    int error = fs->super->read_only ? -EROFS : 0;
    *out = 0;
    mutex_lock(&fs->lock);
    uint32_t number = directory ? directory_group(fs, dir) : ext2_inode_of(dir)->group;
    for (uint32_t i = 0; i < fs->group_count && !error && !*out; i++) {
        error = take_from_group(fs, number, directory, out);
        number = number + 1 < fs->group_count ? number + 1 : 0;
    }
    mutex_unlock(&fs->lock);
    return error ? error : *out ? 0 : -ENOSPC;
}

int ext2_number_free(struct ext2 *fs, uint32_t number, bool directory) {
    uint32_t bit = (number - 1) % fs->disk->inodes_per_group;
    struct ext2_group *group = &fs->groups[(number - 1) / fs->disk->inodes_per_group];
    struct buffer *bitmap = NULL;
    mutex_lock(&fs->lock);
    int error = buffer_get(&fs->buffers, group->disk->inode_bitmap, &bitmap);
    if (!error && ext2_bitmap_clear(bitmap->data, bit)) {
        buffer_mark_dirty(bitmap);
        group->disk->free_inodes++;
        group->disk->directories -= directory && group->disk->directories;
        buffer_mark_dirty(group->buffer);
        fs->disk->free_inodes++;
        fs->super_dirty = true;
        if (bit < group->inode_hint)
            group->inode_hint = bit;
    } else if (!error) {
        error = ext2_damaged(fs, "inode %u was free already", number);
    }
    buffer_put(bitmap);
    mutex_unlock(&fs->lock);
    return error;
}
