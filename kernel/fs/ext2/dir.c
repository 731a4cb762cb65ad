// Directory entries: variable-sized records that tile each block of the directory (Poirier,
// "Linked List Directory"). A directory with a hash tree reads as one without; changing it
// clears its index flag, since the tree is not kept up.
//
// Directory blocks are metadata and live in the buffer cache. An entry is copied out and checked
// before it is believed, each time: on a bad disk something else may share its block.
#include "ext2_private.h"

#include <abi/dirent.h>
#include <abi/stat.h>
#include <lib/string.h>

// An entry's header, checked: name_length characters follow it within its size.
struct entry_head {
    uint32_t inode, size, name_length, type;
};

// The bytes that an entry with a name of `length` needs.
static uint32_t entry_need(size_t length) {
    return (uint32_t)(EXT2_ENTRY_HEADER + length + 3) & ~3u;
}

// Block `index` of the directory, which must exist.
static int dir_block(struct inode *dir, uint64_t index, struct buffer **out) {
    uint32_t block;
    int error = ext2_map(dir, index, &block);
    if (error)
        return error;
    if (!block)
        return ext2_damaged(ext2_of(dir), "directory %lu has a hole", dir->number);
    return buffer_get(&ext2_of(dir)->buffers, block, out);
}

static uint64_t dir_blocks(const struct inode *dir) {
    return dir->size / dir->super->block_size;
}

// The entry at `offset` of a directory block: false if it cannot be one.
static bool entry_read(const struct inode *dir, const void *data, uint32_t offset,
                       struct entry_head *out) {
    const volatile struct ext2_disk_entry *entry = (const void *)((const uint8_t *)data + offset);
    const struct ext2 *fs = ext2_of(dir);
    *out = (struct entry_head){ entry->inode, entry->size, entry->name_length, entry->type };
    if (!fs->has_types)             // then these 8 bits are the length's upper half
        out->type = 0;
    return out->size >= EXT2_ENTRY_HEADER + 4 && out->size % 4 == 0 &&
           out->size <= fs->block_size - offset && entry_need(out->name_length) <= out->size;
}

static int entry_damaged(struct inode *dir, uint64_t block, uint32_t offset) {
    return ext2_damaged(ext2_of(dir), "directory %lu, block %lu: bad entry at %u", dir->number,
                        block, offset);
}

// Finds `name` in one block: 1 with *slot filled in (its buffer is `buffer`), 0 or -EUCLEAN.
static int find_in_block(struct inode *dir, struct buffer *buffer, const char *name,
                         size_t length, struct ext2_slot *slot) {
    struct ext2_disk_entry *previous = NULL;
    uint32_t previous_size = 0, limit = dir->super->block_size;
    struct entry_head head;
    for (uint32_t at = 0; at < limit; at += head.size) {
        struct ext2_disk_entry *entry = (void *)((uint8_t *)buffer->data + at);
        if (!entry_read(dir, buffer->data, at, &head))
            return entry_damaged(dir, slot->block, at);
        if (head.inode && head.name_length == length &&
            memcmp(entry->name, name, length) == 0) {
            slot->buffer = buffer;
            slot->entry = entry;
            slot->size = head.size;
            slot->previous = previous;
            slot->previous_size = previous_size;
            return 1;
        }
        previous = entry;
        previous_size = head.size;
    }
    return 0;
}

int ext2_dir_find(struct inode *dir, const char *name, size_t length, struct ext2_slot *slot) {
    for (uint64_t i = 0; i < dir_blocks(dir); i++) {
        struct buffer *buffer;
        int result = dir_block(dir, i, &buffer);
        if (result)
            return result;
        slot->block = i;
        result = find_in_block(dir, buffer, name, length, slot);
        if (result == 1)
            return 0;
        buffer_put(buffer);
        if (result)
            return result;
    }
    return -ENOENT;
}

int ext2_dir_find_again(struct inode *dir, const char *name, size_t length,
                        struct ext2_slot *slot) {
    int result = find_in_block(dir, slot->buffer, name, length, slot);
    if (result == 0)
        result = ext2_damaged(ext2_of(dir), "directory %lu changes by itself", dir->number);
    return result == 1 ? 0 : result;
}

static uint8_t entry_type(const struct inode *inode) {
    static const uint8_t types[16] = { [DT_REG] = 1, [DT_DIR] = 2, [DT_CHR] = 3, [DT_BLK] = 4,
                                       [DT_FIFO] = 5, [DT_SOCK] = 6, [DT_LNK] = 7 };
    return ext2_of(inode)->has_types ? types[IFTODT(inode->mode)] : 0;
}

static void entry_fill(struct ext2_disk_entry *entry, uint32_t size, const char *name,
                       size_t length, const struct inode *inode) {
    entry->inode = (uint32_t)inode->number;
    entry->size = (uint16_t)size;
    entry->name_length = (uint8_t)length;
    entry->type = entry_type(inode);
    memcpy(entry->name, name, length);
}

// Puts the entry into free space of the block: 1, 0 if there is not enough, or -EUCLEAN.
static int insert_in_block(struct inode *dir, struct buffer *buffer, uint64_t block,
                           const char *name, size_t length, const struct inode *inode) {
    uint32_t need = entry_need(length), limit = dir->super->block_size;
    struct entry_head head;
    for (uint32_t at = 0; at < limit; at += head.size) {
        struct ext2_disk_entry *entry = (void *)((uint8_t *)buffer->data + at);
        if (!entry_read(dir, buffer->data, at, &head))
            return entry_damaged(dir, block, at);
        uint32_t used = head.inode ? entry_need(head.name_length) : 0;
        if (head.size - used < need)
            continue;
        if (used)
            entry->size = (uint16_t)used;
        entry_fill((void *)((uint8_t *)entry + used), head.size - used, name, length, inode);
        buffer_mark_dirty(buffer);
        return 1;
    }
    return 0;
}

// The directory's contents changed.
static void dir_changed(struct inode *dir) {
    ext2_inode_of(dir)->flags &= ~(uint32_t)EXT2_FLAG_INDEX;
    dir->mtime = dir->ctime = inode_time_now();
    inode_mark_dirty(dir);
}

// A zeroed block behind the directory's last; the directory's size does not count it yet.
static int dir_extend(struct inode *dir, struct buffer **out) {
    uint32_t block;
    if (dir->size > INT32_MAX - dir->super->block_size)
        return -EFBIG;
    int error = ext2_map_create(dir, dir_blocks(dir), &block);
    if (error)
        return error;
    error = buffer_get_zero(&ext2_of(dir)->buffers, block, out);
    if (error)          // the block goes back; if that fails, it is damaged already
        (void)!ext2_map_free(dir, dir_blocks(dir));
    return error;
}

static int append_block(struct inode *dir, const char *name, size_t length,
                        const struct inode *inode) {
    struct buffer *buffer;
    int error = dir_extend(dir, &buffer);
    if (error)
        return error;
    entry_fill(buffer->data, dir->super->block_size, name, length, inode);
    buffer_mark_dirty(buffer);
    buffer_put(buffer);
    dir->size += dir->super->block_size;
    return 0;
}

int ext2_dir_insert(struct inode *dir, const char *name, size_t length,
                    const struct inode *inode) {
    struct ext2_inode *own = ext2_inode_of(dir);
    int result = dir->super->read_only ? -EROFS : 0;
    uint64_t block = own->dir_hint;
    for (; block < dir_blocks(dir) && !result; block++) {
        struct buffer *buffer;
        result = dir_block(dir, block, &buffer);
        if (result)
            break;
        result = insert_in_block(dir, buffer, block, name, length, inode);
        buffer_put(buffer);
        if (result)
            break;
    }
    if (result == 0)
        result = append_block(dir, name, length, inode);
    if (result < 0)
        return result;
    own->dir_hint = block;
    dir_changed(dir);
    return 0;
}

void ext2_dir_remove(struct inode *dir, struct ext2_slot *slot) {
    struct ext2_inode *own = ext2_inode_of(dir);
    if (slot->previous)
        slot->previous->size = (uint16_t)(slot->previous_size + slot->size);
    else
        slot->entry->inode = 0;
    buffer_mark_dirty(slot->buffer);
    if (slot->block < own->dir_hint)
        own->dir_hint = slot->block;
    dir_changed(dir);
}

void ext2_dir_replace(struct ext2_slot *slot, const struct inode *inode) {
    slot->entry->inode = (uint32_t)inode->number;
    slot->entry->type = entry_type(inode);
    buffer_mark_dirty(slot->buffer);
}

int ext2_dir_create(struct inode *dir, const struct inode *parent) {
    struct buffer *buffer;
    uint32_t dot = entry_need(1);
    int error = dir_extend(dir, &buffer);
    if (error)
        return error;
    uint8_t *data = buffer->data;
    entry_fill((void *)data, dot, ".", 1, dir);
    entry_fill((void *)(data + dot), dir->super->block_size - dot, "..", 2, parent);
    buffer_mark_dirty(buffer);
    buffer_put(buffer);
    dir->size = dir->super->block_size;
    inode_mark_dirty(dir);
    return 0;
}

static bool is_dots(const char *name, size_t length) {
    return name[0] == '.' && (length == 1 || (length == 2 && name[1] == '.'));
}

// What a walk over the entries calls for each one in use, with the offset behind it; false: stop.
struct entry_visitor {
    bool (*visit)(struct entry_visitor *visitor, const struct entry_head *head,
                  const char *name, uint64_t next);
    struct dir_sink *sink;
    uint64_t *offset;
    bool found;
};

// Visits the entries of one block that begin at `from` or behind: 1 to go on, 0, or -EUCLEAN.
// It starts at the block's beginning, for the entry at `from` may have been merged with the one
// before it.
static int visit_block(struct inode *dir, struct buffer *buffer, uint64_t block, uint32_t from,
                       struct entry_visitor *visitor) {
    uint32_t limit = dir->super->block_size;
    struct entry_head head;
    for (uint32_t at = 0; at < limit; at += head.size) {
        const struct ext2_disk_entry *entry = (void *)((uint8_t *)buffer->data + at);
        if (!entry_read(dir, buffer->data, at, &head))
            return entry_damaged(dir, block, at);
        if (at < from || !head.inode || !head.name_length)
            continue;
        // To a program a name with a NUL could be that of the directory itself.
        if (memchr(entry->name, '\0', head.name_length) || memchr(entry->name, '/', head.name_length))
            return entry_damaged(dir, block, at);
        if (!visitor->visit(visitor, &head, entry->name, block * limit + at + head.size))
            return 0;
    }
    return 1;
}

static int visit_entries(struct inode *dir, uint64_t from, struct entry_visitor *visitor) {
    uint32_t block_size = dir->super->block_size;
    int result = 1;
    for (uint64_t i = from / block_size; i < dir_blocks(dir) && result == 1; i++) {
        struct buffer *buffer;
        result = dir_block(dir, i, &buffer);
        if (result)
            return result;
        uint32_t start = i == from / block_size ? from % block_size : 0;
        result = visit_block(dir, buffer, i, start, visitor);
        buffer_put(buffer);
    }
    return result < 0 ? result : 0;
}

static bool visit_not_dots(struct entry_visitor *visitor, const struct entry_head *head,
                           const char *name, uint64_t next) {
    (void)next;
    visitor->found = !is_dots(name, head->name_length);
    return !visitor->found;
}

int ext2_dir_check_empty(struct inode *dir) {
    struct entry_visitor visitor = { .visit = visit_not_dots };
    int error = visit_entries(dir, 0, &visitor);
    return error ? error : visitor.found ? -ENOTEMPTY : 0;
}

static bool visit_emit(struct entry_visitor *visitor, const struct entry_head *head,
                       const char *name, uint64_t next) {
    static const uint8_t types[] = { DT_UNKNOWN, DT_REG, DT_DIR, DT_CHR, DT_BLK, DT_FIFO,
                                     DT_SOCK, DT_LNK };
    unsigned type = head->type < sizeof(types) ? types[head->type] : DT_UNKNOWN;
    if (!visitor->sink->emit(visitor->sink, name, head->name_length, head->inode, next, type))
        return false;
    *visitor->offset = next;
    return true;
}

int ext2_readdir(struct inode *dir, uint64_t *offset, struct dir_sink *sink) {
    struct entry_visitor visitor = { .visit = visit_emit, .sink = sink, .offset = offset };
    return visit_entries(dir, *offset, &visitor);
}
