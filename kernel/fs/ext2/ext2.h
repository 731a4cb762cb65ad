// The second extended file system, as fs/ sees it.
#ifndef FS_EXT2_EXT2_H
#define FS_EXT2_EXT2_H

// Registers the kinds "ext2" and "ext3" (a clean ext3 is an ext2 with an unused journal file).
void ext2_register(void);

#endif
