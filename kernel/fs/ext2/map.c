// The block map: where the blocks of a file are on the disk.
//
// The inode points at 12 blocks directly and at three trees of pointers, of depth 1, 2 and 3
// (Poirier, "i_block"). A pointer of 0 is a hole.
//
// Changes are made under inode->lock, by reserve, truncate and the directory code. Readers take
// no lock, because reclaim and page faults are among them: a pointer is one aligned word, and a new
// branch is complete before the word that leads to it is stored. Branches are freed only after all
// pages that they lead to are gone from the page cache.
#include "ext2_private.h"

// The last existing pointer on the way to a block of a file.
struct map_place {
    uint32_t index[4];          // at each level: in the inode, then in each indirect block
    unsigned depth;             // of those in use
    unsigned level;             // where the walk ended; depth - 1 if the whole way exists
    uint32_t *word;             // the pointer; it is 0 unless the whole way exists
    struct buffer *buffer;      // that it is in; NULL: in the inode
};

static uint32_t word_load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
static void word_store(uint32_t *word, uint32_t value) {
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

uint64_t ext2_map_limit(const struct ext2 *fs) {
    uint64_t blocks = EXT2_DIRECT;
    for (unsigned depth = 1; depth <= 3; depth++)
        blocks += 1ul << (fs->pointer_bits * depth);
    return blocks * fs->block_size;
}

// Fills in index and depth: 0 or -EFBIG.
static int place_init(const struct ext2 *fs, uint64_t logical, struct map_place *place) {
    unsigned bits = fs->pointer_bits;
    *place = (struct map_place){ .depth = 1 };
    if (logical < EXT2_DIRECT) {
        place->index[0] = (uint32_t)logical;
        return 0;
    }
    logical -= EXT2_DIRECT;
    for (unsigned tree = 1; tree <= 3; tree++) {
        if (logical >> (bits * tree)) {
            logical -= 1ul << (bits * tree);
            continue;
        }
        place->depth = tree + 1;
        place->index[0] = EXT2_DIRECT - 1 + tree;
        for (unsigned i = 1; i <= tree; i++)
            place->index[i] = (uint32_t)(logical >> (bits * (tree - i))) & ((1u << bits) - 1);
        return 0;
    }
    return -EFBIG;
}

// Walks towards the file's block `logical` as far as there are pointers. On success the
// caller gives place->buffer back.
static int place_find(struct inode *inode, uint64_t logical, struct map_place *place) {
    struct ext2 *fs = ext2_of(inode);
    int error = place_init(fs, logical, place);
    if (error)
        return error;
    place->word = &ext2_inode_of(inode)->block[place->index[0]];
    for (;;) {
        uint32_t block = word_load(place->word);
        if (block && !ext2_block_ok(fs, block)) {
            buffer_put(place->buffer);
            return ext2_damaged(fs, "inode %lu points at block %u", inode->number, block);
        }
        if (!block || place->level + 1 == place->depth)
            return 0;
        struct buffer *next;
        error = buffer_get(&fs->buffers, block, &next);
        buffer_put(place->buffer);
        if (error)
            return error;
        place->buffer = next;
        place->level++;
        place->word = (uint32_t *)next->data + place->index[place->level];
    }
}

int ext2_map(struct inode *inode, uint64_t logical, uint32_t *out) {
    struct map_place place;
    int error = place_find(inode, logical, &place);
    if (error)
        return error;
    *out = place.level + 1 == place.depth ? word_load(place.word) : 0;
    // The word may have changed since it was checked, on a disk where two files share it.
    if (*out && !ext2_block_ok(ext2_of(inode), *out))
        *out = 0;
    buffer_put(place.buffer);
    return 0;
}

static void place_changed(struct inode *inode, struct map_place *place) {
    if (place->buffer)
        buffer_mark_dirty(place->buffer);
    else
        inode_mark_dirty(inode);
}

// Where the block should be: behind the one before it in the file.
static uint32_t block_goal(struct inode *inode, uint64_t logical) {
    struct ext2_inode *own = ext2_inode_of(inode);
    uint32_t before = 0;
    if (own->next_logical == logical && own->next_block)
        return own->next_block;
    if (logical > 0 && ext2_map(inode, logical - 1, &before) == 0 && before)
        return before + 1;
    return ext2_group_start(ext2_of(inode), own->group);
}

// Allocates `count` blocks near each other: all or none.
static int allocate_chain(struct inode *inode, uint32_t goal, uint32_t *blocks, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        int error = ext2_block_allocate(inode, goal, &blocks[i]);
        if (error) {
            while (i-- > 0)
                if (ext2_blocks_free(ext2_of(inode), blocks[i], 1))
                    break;
            return error;
        }
        goal = blocks[i] + 1;
    }
    return 0;
}

// Writes new indirect blocks: each points at the next block of the chain, the last one at data.
static int link_chain(struct ext2 *fs, const struct map_place *place, const uint32_t *blocks,
                      unsigned count) {
    for (unsigned i = 0; i + 1 < count; i++) {
        struct buffer *buffer;
        int error = buffer_get_zero(&fs->buffers, blocks[i], &buffer);
        if (error)
            return error;
        ((uint32_t *)buffer->data)[place->index[place->level + 1 + i]] = blocks[i + 1];
        buffer_mark_dirty(buffer);
        buffer_put(buffer);
    }
    return 0;
}

// Undoes allocate_chain and what link_chain has done.
static void drop_chain(struct ext2 *fs, const uint32_t *blocks, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        buffer_forget(&fs->buffers, blocks[i]);
        if (ext2_blocks_free(fs, blocks[i], 1))
            break;
    }
}

int ext2_map_create(struct inode *inode, uint64_t logical, uint32_t *out) {
    struct ext2 *fs = ext2_of(inode);
    struct ext2_inode *own = ext2_inode_of(inode);
    struct map_place place;
    uint32_t blocks[4] = { 0 };
    int error = place_find(inode, logical, &place);
    if (error)
        return error;
    unsigned count = place.depth - place.level;
    *out = word_load(place.word);
    if (*out)
        goto out;
    error = allocate_chain(inode, block_goal(inode, logical), blocks, count);
    if (error)
        goto out;
    error = link_chain(fs, &place, blocks, count);
    if (error) {
        drop_chain(fs, blocks, count);
        goto out;
    }
    word_store(place.word, blocks[0]);
    place_changed(inode, &place);
    *out = blocks[count - 1];
    own->next_logical = logical + 1;
    own->next_block = *out + 1;
    inode->blocks += (uint64_t)count * (fs->block_size / SECTOR_SIZE);
    inode_mark_dirty(inode);
out:
    buffer_put(place.buffer);
    return error;
}

int ext2_map_detach(struct inode *inode, uint64_t logical, uint32_t *out) {
    struct map_place place;
    int error = place_find(inode, logical, &place);
    if (error)
        return error;
    *out = word_load(place.word);
    if (*out) {
        word_store(place.word, 0);
        place_changed(inode, &place);
    }
    buffer_put(place.buffer);
    return 0;
}
