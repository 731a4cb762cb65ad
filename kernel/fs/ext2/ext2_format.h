// What is on the disk, as "The Second Extended File System: Internal Layout" (Dave Poirier) and
// the kernel.org ext4 wiki's "Data Structures" describe it. All numbers are little-endian, as is
// this machine.
#ifndef FS_EXT2_FORMAT_H
#define FS_EXT2_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#define EXT2_SUPER_OFFSET 1024          // bytes from the start of the device
#define EXT2_SUPER_SIZE   1024
#define EXT2_MAGIC        0xef53
#define EXT2_ROOT_INODE   2
#define EXT2_LINK_MAX     32000
#define EXT2_NAME_MAX     255
#define EXT2_FIRST_INODE  11            // the first one not reserved, in revision 0

enum { EXT2_STATE_VALID = 1, EXT2_STATE_ERROR = 2 };

enum ext2_compat {
    EXT2_COMPAT_HAS_JOURNAL = 0x4,
};

enum ext2_incompat {
    EXT2_INCOMPAT_FILETYPE = 0x2,
    EXT2_INCOMPAT_RECOVER = 0x4,
};

enum ext2_ro_compat {
    EXT2_RO_COMPAT_SPARSE_SUPER = 0x1,
    EXT2_RO_COMPAT_LARGE_FILE = 0x2,
};

struct ext2_disk_super {
    uint32_t inodes_count;
    uint32_t blocks_count;
    uint32_t reserved_blocks;
    uint32_t free_blocks;
    uint32_t free_inodes;
    uint32_t first_data_block;
    uint32_t log_block_size;            // block size is 1024 << this
    uint32_t log_fragment_size;
    uint32_t blocks_per_group;
    uint32_t fragments_per_group;
    uint32_t inodes_per_group;
    uint32_t mount_time;
    uint32_t write_time;
    uint16_t mount_count;
    uint16_t max_mount_count;
    uint16_t magic;
    uint16_t state;
    uint16_t on_error;
    uint16_t minor_revision;
    uint32_t check_time;
    uint32_t check_interval;
    uint32_t creator;
    uint32_t revision;                  // 0: fixed sizes; 1: the fields below count
    uint16_t reserved_uid;
    uint16_t reserved_gid;
    uint32_t first_inode;
    uint16_t inode_size;
    uint16_t group_of_this;
    uint32_t compat;
    uint32_t incompat;
    uint32_t ro_compat;
    uint8_t uuid[16];
    char volume_name[16];
    char last_mounted[64];
    uint8_t rest[824];
};
_Static_assert(sizeof(struct ext2_disk_super) == EXT2_SUPER_SIZE, "the superblock is 1 KiB");
_Static_assert(offsetof(struct ext2_disk_super, magic) == 56, "place of the magic number");

struct ext2_disk_group {
    uint32_t block_bitmap;
    uint32_t inode_bitmap;
    uint32_t inode_table;
    uint16_t free_blocks;
    uint16_t free_inodes;
    uint16_t directories;
    uint16_t flags;
    uint32_t reserved[3];
};
_Static_assert(sizeof(struct ext2_disk_group) == 32, "a group descriptor is 32 bytes");

#define EXT2_DIRECT   12
#define EXT2_POINTERS 15                // direct, then indirect, doubly, triply

struct ext2_disk_inode {
    uint16_t mode;
    uint16_t uid;
    uint32_t size;
    uint32_t atime, ctime, mtime, dtime;
    uint16_t gid;
    uint16_t links;
    uint32_t blocks;                    // in 512-byte units
    uint32_t flags;
    uint32_t version;
    uint32_t block[EXT2_POINTERS];
    uint32_t generation;
    uint32_t attributes;                // block of extended attributes, or 0
    uint32_t size_high;                 // of regular files
    uint32_t fragment;
    uint16_t blocks_high;
    uint16_t attributes_high;
    uint16_t uid_high;
    uint16_t gid_high;
    uint32_t reserved;
    // In inodes of more than 128 bytes:
    uint16_t extra_size;                // bytes from here on that are in use
    uint16_t checksum_high;
    uint32_t ctime_extra;               // bits 0-1: epoch, 2-31: nanoseconds
    uint32_t mtime_extra;
    uint32_t atime_extra;
    uint32_t creation_time;
    uint32_t creation_time_extra;
    uint32_t version_high;
    uint32_t project;
};
#define EXT2_INODE_SIZE_OLD 128
_Static_assert(offsetof(struct ext2_disk_inode, extra_size) == EXT2_INODE_SIZE_OLD, "old inode");
_Static_assert(sizeof(struct ext2_disk_inode) == 160, "inode with times in nanoseconds");

enum { EXT2_FLAG_INDEX = 0x1000 };      // this directory has a hash tree

// One directory entry; they tile a block. inode 0: free space.
struct ext2_disk_entry {
    uint32_t inode;
    uint16_t size;                      // to the next entry; a multiple of 4
    uint8_t name_length;
    uint8_t type;                       // EXT2_TYPE_*, or 0 without the filetype feature
    char name[];
};
#define EXT2_ENTRY_HEADER 8
_Static_assert(sizeof(struct ext2_disk_entry) == EXT2_ENTRY_HEADER, "header of an entry");

// The head of a block of extended attributes.
struct ext2_disk_attributes {
    uint32_t magic;
    uint32_t refs;                      // inodes that share it
    uint32_t blocks;
};
#define EXT2_ATTRIBUTES_MAGIC 0xea020000

#endif
