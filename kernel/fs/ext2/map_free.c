// Freeing a file's blocks from some point on: the other half of the block map.
//
// A hostile disk may let pointers lead in circles. The walk ends all the same: its depth is
// bounded, and a tree's block is freed after what it points at, so that a second visit finds
// it free already, which ends the walk.
#include "ext2_private.h"

#include <abi/stat.h>

// Blocks that wait to be freed together, since neighbours in a file are neighbours on the disk.
struct free_run {
    struct inode *inode;
    uint32_t first, count;
};

static int run_end(struct free_run *run) {
    if (!run->count)
        return 0;
    int error = ext2_blocks_free(ext2_of(run->inode), run->first, run->count);
    ext2_count_freed(run->inode, run->count);
    run->count = 0;
    return error;
}

static int run_add(struct free_run *run, uint32_t block) {
    if (run->count && block == run->first + run->count) {
        run->count++;
        return 0;
    }
    int error = run_end(run);
    run->first = block;
    run->count = 1;
    return error;
}

static int free_tree(struct free_run *run, uint32_t *word, unsigned depth, uint64_t keep);

// Frees what an indirect block points at through `depth` levels, but for its first `keep` data
// blocks.
static int free_children(struct free_run *run, uint32_t block, unsigned depth, uint64_t keep) {
    struct ext2 *fs = ext2_of(run->inode);
    unsigned bits = fs->pointer_bits * (depth - 1);
    uint64_t keep_below = keep & ((1ul << bits) - 1);
    struct buffer *buffer;
    int error = buffer_get(&fs->buffers, block, &buffer);
    if (error)
        return error;
    uint32_t *words = buffer->data;
    for (uint64_t i = keep >> bits; i < 1ul << fs->pointer_bits && !error; i++) {
        error = free_tree(run, &words[i], depth - 1, keep_below);
        keep_below = 0;
    }
    if (keep || error)      // else it is about to be freed itself
        buffer_mark_dirty(buffer);
    buffer_put(buffer);
    return error;
}

// Frees what the pointer at `word` leads to: a tree of depth `depth` (0: one data block), but for
// its first `keep` data blocks. The pointer becomes 0 if nothing is kept.
static int free_tree(struct free_run *run, uint32_t *word, unsigned depth, uint64_t keep) {
    struct ext2 *fs = ext2_of(run->inode);
    uint32_t block = __atomic_load_n(word, __ATOMIC_ACQUIRE);
    if (!block)
        return 0;
    if (!ext2_block_ok(fs, block))
        return ext2_damaged(fs, "inode %lu points at block %u", run->inode->number, block);
    int error = depth > 0 ? free_children(run, block, depth, keep) : 0;
    if (error || keep)
        return error;
    if (depth > 0 || !S_ISREG(run->inode->mode))
        buffer_forget(&fs->buffers, block);
    __atomic_store_n(word, 0, __ATOMIC_RELEASE);
    return run_add(run, block);
}

int ext2_map_free(struct inode *inode, uint64_t first) {
    struct ext2_inode *own = ext2_inode_of(inode);
    struct free_run run = { .inode = inode };
    unsigned bits = ext2_of(inode)->pointer_bits;
    int error = 0;
    for (uint64_t i = first; i < EXT2_DIRECT && !error; i++)
        error = free_tree(&run, &own->block[i], 0, 0);
    uint64_t start = EXT2_DIRECT;
    for (unsigned tree = 1; tree <= 3 && !error; tree++) {
        uint64_t size = 1ul << (bits * tree), keep = first > start ? first - start : 0;
        if (keep < size)
            error = free_tree(&run, &own->block[EXT2_DIRECT - 1 + tree], tree, keep);
        start += size;
    }
    int last = run_end(&run);
    own->next_block = 0;
    inode_mark_dirty(inode);
    return error ? error : last;
}
