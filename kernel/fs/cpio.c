// Unpacking a cpio archive in the "newc" format (Linux, Documentation/driver-api/early-userspace/
// buffer-format.rst): records of a header in ASCII, the name and the content, each padded to 4
// bytes.
//
// The archive is somebody's file: no number in it is believed before it is checked.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <abi/limits.h>
#include <abi/stat.h>
#include <fs/cpio.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <fs/path.h>
#include <lib/string.h>
#include <mm/heap.h>

#define HEADER_SIZE 110
#define FIELD_COUNT 13

enum field {
    INODE, MODE, UID, GID, LINKS, MTIME, SIZE, DEV_MAJOR, DEV_MINOR, RDEV_MAJOR, RDEV_MINOR,
    NAME_SIZE, CHECK,
};

struct record {
    uint32_t field[FIELD_COUNT];
    const char *name;               // NUL-terminated
    const char *content;
};

// The first name of a file that has several.
struct linked {
    uint32_t inode, device_major, device_minor;
    struct linked *next;
    char name[];
};

struct archive {
    const char *next;
    size_t left;
    struct linked *linked;
};

static bool parse_hex(const char *digits, uint32_t *out) {
    uint32_t value = 0;
    for (int i = 0; i < 8; i++) {
        char c = digits[i];
        uint32_t digit = c >= '0' && c <= '9' ? c - '0'
                         : c >= 'a' && c <= 'f' ? c - 'a' + 10
                         : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
        if (digit == 16)
            return false;
        value = value << 4 | digit;
    }
    *out = value;
    return true;
}

static size_t padded(size_t size) { return (size + 3) & ~(size_t)3; }

// Takes the next `size` bytes and the padding after them; NULL if they are not there. The padding
// at the very end may be missing.
static const char *take(struct archive *archive, size_t size, size_t padded_size) {
    const char *start = archive->next;
    if (size > archive->left)
        return NULL;
    size_t step = padded_size < archive->left ? padded_size : archive->left;
    archive->next += step;
    archive->left -= step;
    return start;
}

static int next_record(struct archive *archive, struct record *record) {
    const char *header = archive->next;
    if (archive->left < HEADER_SIZE ||
        (memcmp(header, "070701", 6) != 0 && memcmp(header, "070702", 6) != 0))
        return -EINVAL;
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (!parse_hex(header + 6 + 8 * i, &record->field[i]))
            return -EINVAL;
    }
    size_t name_size = record->field[NAME_SIZE], size = record->field[SIZE];
    if (name_size == 0 || name_size > PATH_MAX)
        return -EINVAL;
    const char *start = take(archive, HEADER_SIZE + name_size, padded(HEADER_SIZE + name_size));
    if (!start || start[HEADER_SIZE + name_size - 1] != '\0')
        return -EINVAL;
    record->name = start + HEADER_SIZE;
    record->content = take(archive, size, padded(size));
    return record->content ? 0 : -EINVAL;
}

static struct linked *find_linked(const struct archive *archive, const struct record *record) {
    struct linked *linked = archive->linked;
    while (linked && (linked->inode != record->field[INODE] ||
                      linked->device_major != record->field[DEV_MAJOR] ||
                      linked->device_minor != record->field[DEV_MINOR]))
        linked = linked->next;
    return linked;
}

static int remember_linked(struct archive *archive, const struct record *record) {
    size_t length = strlen(record->name) + 1;
    struct linked *linked = kmalloc(sizeof(*linked) + length);
    if (!linked)
        return -ENOMEM;
    linked->inode = record->field[INODE];
    linked->device_major = record->field[DEV_MAJOR];
    linked->device_minor = record->field[DEV_MINOR];
    memcpy(linked->name, record->name, length);
    linked->next = archive->linked;
    archive->linked = linked;
    return 0;
}

static int unpack_file(struct archive *archive, const struct record *record) {
    struct file *file;
    const struct linked *linked = NULL;
    if (record->field[LINKS] > 1 && (linked = find_linked(archive, record))) {
        int error = path_link(AT_FDCWD, linked->name, AT_FDCWD, record->name, 0);
        if (error)
            return error;
    }
    int error = path_open(AT_FDCWD, record->name, O_WRONLY | O_CREAT | O_NOFOLLOW, 0600, &file);
    if (error)
        return error;
    struct uio uio = uio_kernel(record->content, record->field[SIZE]);
    long written = file_write(file, &uio, NULL);
    file_put(file);
    if (written != (long)record->field[SIZE])
        return written < 0 ? written : -ENOSPC;
    return record->field[LINKS] > 1 && !linked ? remember_linked(archive, record) : 0;
}

static int unpack_symlink(const struct record *record) {
    size_t size = record->field[SIZE];
    if (size == 0 || size >= PATH_MAX)
        return -EINVAL;
    char *target = kmalloc(size + 1);
    if (!target)
        return -ENOMEM;
    memcpy(target, record->content, size);
    target[size] = '\0';
    int error = path_symlink(target, AT_FDCWD, record->name);
    kfree(target);
    return error;
}

// Gives the file that was just made the attributes of the record.
static int set_attributes(const struct record *record) {
    struct inode *inode;
    int error = path_lookup_inode(AT_FDCWD, record->name, 0, &inode);
    if (error)
        return error;
    mutex_lock(&inode->lock);
    inode->mode = (inode->mode & S_IFMT) | (record->field[MODE] & 07777);
    inode->uid = record->field[UID];
    inode->gid = record->field[GID];
    inode->mtime = (struct timespec){ .tv_sec = record->field[MTIME] };
    inode_mark_dirty(inode);
    mutex_unlock(&inode->lock);
    inode_put(inode);
    return 0;
}

static int unpack_record(struct archive *archive, const struct record *record) {
    uint32_t mode = record->field[MODE];
    int error;
    switch (mode & S_IFMT) {
    case S_IFDIR:
        error = path_mkdir(AT_FDCWD, record->name, mode);
        error = error == -EEXIST ? 0 : error;       // "." and those that were there
        break;
    case S_IFREG: error = unpack_file(archive, record); break;
    case S_IFLNK: error = unpack_symlink(record); break;
    case S_IFCHR:
    case S_IFBLK:
    case S_IFIFO:
        error = path_mknod(AT_FDCWD, record->name, mode,
                           makedev(record->field[RDEV_MAJOR], record->field[RDEV_MINOR]));
        break;
    default: error = -EINVAL;
    }
    return error ? error : set_attributes(record);
}

int cpio_unpack(const void *data, size_t size) {
    struct archive archive = { .next = data, .left = size };
    struct record record;
    int error;
    while (!(error = next_record(&archive, &record)) && strcmp(record.name, "TRAILER!!!") != 0) {
        error = unpack_record(&archive, &record);
        if (error)
            break;
    }
    while (archive.linked) {
        struct linked *next = archive.linked->next;
        kfree(archive.linked);
        archive.linked = next;
    }
    return error;
}
