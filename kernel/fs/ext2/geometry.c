// What the superblock and the group descriptors say, and whether that can be true.
#include "ext2_private.h"

#include <debug/log.h>
#include <mm/heap.h>

// The names of features, for those who wonder why a disk is refused.
struct feature {
    uint32_t bit;
    const char *name;
};

static const struct feature incompat_names[] = {
    { 0x1, "compression" },  { 0x4, "needs_recovery" }, { 0x8, "journal_dev" },
    { 0x10, "meta_bg" },     { 0x40, "extents" },       { 0x80, "64bit" },
    { 0x100, "mmp" },        { 0x200, "flex_bg" },      { 0x400, "ea_inode" },
    { 0x1000, "dirdata" },   { 0x2000, "csum_seed" },   { 0x4000, "large_dir" },
    { 0x8000, "inline_data" }, { 0x10000, "encrypt" },  { 0x20000, "casefold" },
    { 0, "unknown" },
};

static const struct feature ro_compat_names[] = {
    { 0x8, "huge_file" },    { 0x10, "uninit_bg" },     { 0x20, "dir_nlink" },
    { 0x40, "extra_isize" }, { 0x100, "quota" },        { 0x200, "bigalloc" },
    { 0x400, "metadata_csum" }, { 0x2000, "project" },  { 0x8000, "verity" },
    { 0, "unknown" },
};

// Logs each of `features`, which the kernel lacks.
static void log_features(const struct ext2 *fs, uint32_t features, const struct feature *names,
                         const char *consequence) {
    for (uint32_t bit = 1; bit; bit <<= 1) {
        if (!(features & bit))
            continue;
        const struct feature *feature = names;
        while (feature->bit && feature->bit != bit)
            feature++;
        log_warning("ext2: %s: feature %s (0x%x): %s", fs->super->device->name, feature->name,
                    bit, consequence);
    }
}

// The features, which revision 0 does not have: NULL or why not.
static const char *check_features(struct ext2 *fs) {
    const struct ext2_disk_super *disk = fs->disk;
    if (disk->revision == 0) {
        fs->inode_size = EXT2_INODE_SIZE_OLD;
        fs->first_inode = EXT2_FIRST_INODE;
        return NULL;
    }
    uint32_t incompat = disk->incompat & ~EXT2_INCOMPAT_FILETYPE;
    uint32_t ro_compat = disk->ro_compat &
                         ~(EXT2_RO_COMPAT_SPARSE_SUPER | EXT2_RO_COMPAT_LARGE_FILE);
    log_features(fs, incompat, incompat_names, "not supported");
    if (incompat & EXT2_INCOMPAT_RECOVER)
        return "its journal must be replayed first (e2fsck does it)";
    if (incompat)
        return "it uses features that this kernel does not know";
    log_features(fs, ro_compat, ro_compat_names, "mounted read-only");
    if (ro_compat)
        fs->read_only_reason = "it uses features that this kernel can only read";
    fs->inode_size = disk->inode_size;
    fs->first_inode = disk->first_inode;
    fs->has_types = disk->incompat & EXT2_INCOMPAT_FILETYPE;
    return NULL;
}

static const char *check_blocks(struct ext2 *fs) {
    const struct ext2_disk_super *disk = fs->disk;
    if (disk->log_block_size > 2)
        return "its block size is not 1, 2 or 4 KiB";
    fs->block_size = 1024u << disk->log_block_size;
    fs->pointer_bits = 8 + disk->log_block_size;
    if (disk->first_data_block != (disk->log_block_size == 0 ? 1 : 0))
        return "its first data block is wrong";
    uint32_t per_group = disk->blocks_per_group;
    if (per_group < 256 || per_group > 8 * fs->block_size || per_group % 8)
        return "its number of blocks per group is impossible";
    uint64_t sectors = (uint64_t)disk->blocks_count * (fs->block_size / SECTOR_SIZE);
    if (disk->blocks_count <= disk->first_data_block || sectors > fs->super->device->sectors)
        return "it is larger than its device";
    if (disk->reserved_blocks > disk->blocks_count || disk->free_blocks > disk->blocks_count)
        return "its block counts are impossible";
    fs->group_count = (disk->blocks_count - disk->first_data_block - 1) / per_group + 1;
    uint64_t table = (uint64_t)fs->group_count * sizeof(struct ext2_disk_group);
    uint64_t first_free = disk->first_data_block + 1 +
                          (table + fs->block_size - 1) / fs->block_size;
    if (first_free >= disk->blocks_count)
        return "its group descriptors do not fit";
    fs->first_free_block = (uint32_t)first_free;
    return NULL;
}

static const char *check_inodes(struct ext2 *fs) {
    const struct ext2_disk_super *disk = fs->disk;
    uint32_t size = fs->inode_size, per_group = disk->inodes_per_group;
    if (size < EXT2_INODE_SIZE_OLD || size > fs->block_size || (size & (size - 1)))
        return "its inode size is impossible";
    if (per_group == 0 || per_group > 8 * fs->block_size)
        return "its number of inodes per group is impossible";
    if (disk->inodes_count != (uint64_t)fs->group_count * per_group ||
        disk->free_inodes > disk->inodes_count)
        return "its inode counts are impossible";
    if (fs->first_inode < EXT2_FIRST_INODE || fs->first_inode > per_group)
        return "its first inode is impossible";
    fs->table_blocks = (uint32_t)(((uint64_t)per_group * size + fs->block_size - 1) /
                                  fs->block_size);
    return NULL;
}

const char *ext2_check_super(struct ext2 *fs) {
    if (fs->disk->magic != EXT2_MAGIC)
        return "there is no ext2 file system";
    if (fs->disk->revision > 1)
        return "its revision is unknown";
    const char *reason = check_features(fs);
    if (!reason)
        reason = check_blocks(fs);
    if (!reason)
        reason = check_inodes(fs);
    return reason;
}

static bool in_range(uint32_t block, uint32_t first, uint32_t count) {
    return block >= first && block - first < count;
}

// Are a group's bitmaps and inode table inside it, apart from each other and from the
// superblock and descriptors?
static bool group_ok(const struct ext2 *fs, uint32_t number) {
    const struct ext2_disk_group *group = fs->groups[number].disk;
    uint32_t start = ext2_group_start(fs, number);
    uint32_t first = number == 0 ? fs->first_free_block : start;
    uint32_t count = fs->disk->blocks_count - start;
    if (count > fs->disk->blocks_per_group)
        count = fs->disk->blocks_per_group;
    count -= first - start;
    return first - start < fs->disk->blocks_per_group &&
           in_range(group->block_bitmap, first, count) &&
           in_range(group->inode_bitmap, first, count) &&
           in_range(group->inode_table, first, count) &&
           fs->table_blocks <= count - (group->inode_table - first) &&
           group->block_bitmap != group->inode_bitmap &&
           !in_range(group->block_bitmap, group->inode_table, fs->table_blocks) &&
           !in_range(group->inode_bitmap, group->inode_table, fs->table_blocks) &&
           group->free_blocks <= count && group->free_inodes <= fs->disk->inodes_per_group;
}

static int load_group(struct ext2 *fs, uint32_t number) {
    struct ext2_group *group = &fs->groups[number];
    uint32_t per_block = fs->block_size / sizeof(struct ext2_disk_group);
    int error = buffer_get(&fs->buffers, fs->disk->first_data_block + 1 + number / per_block,
                           &group->buffer);
    if (error)
        return error;
    group->disk = (struct ext2_disk_group *)group->buffer->data + number % per_block;
    if (!group_ok(fs, number))
        return ext2_damaged(fs, "the descriptor of group %u is impossible", number);
    if (number == 0)
        group->inode_hint = fs->first_inode - 1;
    return 0;
}

int ext2_load_groups(struct ext2 *fs) {
    fs->groups = kzalloc(fs->group_count * sizeof(*fs->groups));
    if (!fs->groups)
        return -ENOMEM;
    for (uint32_t i = 0; i < fs->group_count; i++) {
        int error = load_group(fs, i);
        if (error) {
            ext2_free_groups(fs);
            return error;
        }
    }
    return 0;
}

void ext2_free_groups(struct ext2 *fs) {
    for (uint32_t i = 0; fs->groups && i < fs->group_count; i++)
        buffer_put(fs->groups[i].buffer);
    kfree(fs->groups);
    fs->groups = NULL;
}

bool ext2_block_ok(const struct ext2 *fs, uint32_t block) {
    if (block < fs->first_free_block || block >= fs->disk->blocks_count)
        return false;
    uint32_t number = (block - fs->disk->first_data_block) / fs->disk->blocks_per_group;
    const struct ext2_disk_group *group = fs->groups[number].disk;
    return block != group->block_bitmap && block != group->inode_bitmap &&
           !in_range(block, group->inode_table, fs->table_blocks);
}

bool ext2_number_ok(const struct ext2 *fs, uint32_t number) {
    return number == EXT2_ROOT_INODE ||
           (number >= fs->first_inode && number <= fs->disk->inodes_count);
}
