// Tests of names over a ramfs, of pipes and of the caches' bounds. They mount the ramfs as root: a
// machine that runs the kernel's tests boots nothing else.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <abi/stat.h>
#include <debug/ktest.h>
#include <fs/cpio.h>
#include <fs/mount.h>
#include <fs/pipe.h>
#include <lib/format.h>
#include <lib/string.h>

#define HERE AT_FDCWD

static void need_root(void) {
    if (!mount_at_root)
        ktest_check(mount_root("none", "ramfs", false) == 0);
}

static int make(const char *name) {
    struct file *file;
    int error = path_open(HERE, name, O_RDWR | O_CREAT | O_EXCL, 0644, &file);
    if (!error)
        file_put(file);
    return error;
}

static int look(const char *name, unsigned flags) {
    struct path path;
    int error = path_lookup(HERE, name, flags, &path);
    if (!error)
        path_put(&path);
    return error;
}

static int open_only(const char *name, uint32_t flags) {
    struct file *file;
    int error = path_open(HERE, name, flags, 0600, &file);
    if (!error)
        file_put(file);
    return error;
}

KTEST(names_lookup_corner_cases) {
    need_root();
    ktest_check(path_mkdir(HERE, "/d", 0755) == 0 && make("/d/f") == 0);
    ktest_check(look("/d/f", 0) == 0 && look("//d///f", 0) == 0);
    ktest_check(look("/d/../d/./f", 0) == 0 && look("/../../d/f", 0) == 0);
    ktest_check(look("", 0) == -ENOENT && look("/d/f/", 0) == -ENOTDIR);
    ktest_check(look("/d/f/x", 0) == -ENOTDIR && look("/d/f/..", 0) == -ENOTDIR);
    ktest_check(look("/d/none", 0) == -ENOENT && look("/none/x", 0) == -ENOENT);
    ktest_check(look("/d/", LOOKUP_DIRECTORY) == 0 && look("/d/f", LOOKUP_DIRECTORY) == -ENOTDIR);
    ktest_check(path_unlink(HERE, "/d/f", false) == 0 && path_unlink(HERE, "/d", true) == 0);
}

KTEST(names_symlinks) {
    need_root();
    ktest_check(path_mkdir(HERE, "/s", 0755) == 0 && make("/s/f") == 0);
    ktest_check(path_symlink("f", HERE, "/s/rel") == 0 && path_symlink("/s", HERE, "/s/abs") == 0);
    ktest_check(path_symlink("loop", HERE, "/s/loop") == 0);
    ktest_check(path_symlink("gone", HERE, "/s/dangling") == 0);
    ktest_check(look("/s/rel", LOOKUP_FOLLOW) == 0);
    ktest_check(look("/s/abs/abs/abs/rel", LOOKUP_FOLLOW) == 0);
    ktest_check(look("/s/loop", LOOKUP_FOLLOW) == -ELOOP && look("/s/loop", 0) == 0);
    ktest_check(look("/s/dangling", LOOKUP_FOLLOW) == -ENOENT);
    ktest_check(look("/s/abs/", 0) == 0 && look("/s/rel/", 0) == -ENOTDIR);
    ktest_check(open_only("/s/rel", O_RDONLY | O_NOFOLLOW) == -ELOOP);
    ktest_check(open_only("/s/dangling", O_WRONLY | O_CREAT | O_EXCL) == -EEXIST);
    ktest_check(open_only("/s/dangling", O_WRONLY | O_CREAT) == 0 && look("/s/gone", 0) == 0);
    static const char *const names[] = { "rel", "abs", "loop", "dangling", "gone", "f" };
    for (int i = 0; i < 6; i++) {
        char name[32];
        snprintf(name, sizeof(name), "/s/%s", names[i]);
        ktest_check(path_unlink(HERE, name, false) == 0);
    }
    ktest_check(path_unlink(HERE, "/s", true) == 0);
}

KTEST(names_making_and_removing) {
    need_root();
    ktest_check(path_mkdir(HERE, "/m/", 0755) == 0 && path_mkdir(HERE, "/m", 0755) == -EEXIST);
    ktest_check(path_mkdir(HERE, "/m/.", 0755) == -EEXIST && path_mkdir(HERE, "/", 0) == -EEXIST);
    ktest_check(make("/m/a") == 0 && make("/m/a") == -EEXIST && make("/m/b/") == -EISDIR);
    ktest_check(path_unlink(HERE, "/m", false) == -EISDIR);
    ktest_check(path_unlink(HERE, "/m/a", true) == -ENOTDIR);
    ktest_check(path_unlink(HERE, "/m/a/", false) == -ENOTDIR);
    ktest_check(path_unlink(HERE, "/m", true) == -ENOTEMPTY);
    ktest_check(path_unlink(HERE, "/m/.", true) == -EINVAL);
    ktest_check(path_unlink(HERE, "/m/..", true) == -ENOTEMPTY);
    ktest_check(path_link(HERE, "/m/a", HERE, "/m/b", 0) == 0);
    ktest_check(path_link(HERE, "/m", HERE, "/l", 0) == -EPERM);
    ktest_check(open_only("/m", O_RDWR) == -EISDIR && open_only("/m", O_CREAT) == -EISDIR);
    ktest_check(open_only("/m/a", O_DIRECTORY) == -ENOTDIR);
    ktest_check(path_unlink(HERE, "/m/a", false) == 0 && look("/m/b", 0) == 0);
    ktest_check(path_unlink(HERE, "/m/b", false) == 0 && path_unlink(HERE, "/m", true) == 0);
}

static int move(const char *from, const char *to) { return path_rename(HERE, from, HERE, to, 0); }

KTEST(names_rename) {
    need_root();
    ktest_check(path_mkdir(HERE, "/r", 0755) == 0 && path_mkdir(HERE, "/r/x", 0755) == 0);
    ktest_check(path_mkdir(HERE, "/r/x/y", 0755) == 0 && make("/r/f") == 0 && make("/r/g") == 0);
    ktest_check(move("/r/x", "/r/x/y/z") == -EINVAL && move("/r/x", "/r/x/y") == -EINVAL);
    ktest_check(move("/r/x/y", "/r/x") == -ENOTEMPTY && move("/r/x", "/r/f") == -ENOTDIR);
    ktest_check(move("/r/f", "/r/x") == -EISDIR && move("/r/none", "/r/h") == -ENOENT);
    ktest_check(move("/r/f", "/r/h/") == -ENOTDIR && move("/r/.", "/r/h") == -EBUSY);
    ktest_check(path_rename(HERE, "/r/f", HERE, "/r/g", RENAME_NOREPLACE) == -EEXIST);
    ktest_check(path_rename(HERE, "/r/f", HERE, "/r/g", RENAME_EXCHANGE) == -EINVAL);
    ktest_check(move("/r/f", "/r/g") == 0 && look("/r/f", 0) == -ENOENT);
    ktest_check(move("/r/x/y", "/r/a-name-longer-than-what-fits-into-the-dentry-itself") == 0);
    ktest_check(look("/r/a-name-longer-than-what-fits-into-the-dentry-itself/../x", 0) == 0);
    ktest_check(move("/r/a-name-longer-than-what-fits-into-the-dentry-itself", "/r/x/") == 0);
    ktest_check(path_unlink(HERE, "/r/x", true) == 0 && path_unlink(HERE, "/r/g", false) == 0);
    ktest_check(path_unlink(HERE, "/r", true) == 0);
}

KTEST(names_mounts) {
    need_root();
    ktest_check(path_mkdir(HERE, "/p", 0755) == 0 && path_mkdir(HERE, "/p/q", 0755) == 0);
    ktest_check(mount_add("none", "/p/q", "ramfs", 0, NULL) == 0 && make("/p/q/f") == 0);
    ktest_check(look("/p/q/../q/f", 0) == 0 && look("/p/q/../../p/q/f", 0) == 0);
    ktest_check(path_unlink(HERE, "/p/q", true) == -EBUSY && move("/p/q", "/p/z") == -EBUSY);
    ktest_check(move("/p/q/f", "/p/f") == -EXDEV);
    struct file *file;
    ktest_check(path_open(HERE, "/p/q/f", O_RDONLY, 0, &file) == 0);
    ktest_check(mount_remove("/p/q") == -EBUSY && mount_remove("/p") == -EINVAL);
    file_put(file);
    ktest_check(mount_remove("/p/q") == 0 && look("/p/q/f", 0) == -ENOENT);
    ktest_check(path_unlink(HERE, "/p/q", true) == 0 && path_unlink(HERE, "/p", true) == 0);
}

KTEST(names_cache_is_bounded) {
    uint64_t count, limit;
    char name[32];
    need_root();
    dentry_counts(&count, &limit);
    for (uint64_t i = 0; i < limit + 1000; i++) {
        snprintf(name, sizeof(name), "/absent-%lu", i);
        if (look(name, 0) != -ENOENT)
            ktest_check(false);
    }
    dentry_counts(&count, &limit);
    ktest_check(count <= limit + 64);
}

KTEST(ramfs_write_and_read_back) {
    struct file *file;
    char bytes[100], back[100];
    need_root();
    memset(bytes, 'x', sizeof(bytes));
    ktest_check(path_open(HERE, "/file", O_RDWR | O_CREAT, 0644, &file) == 0);
    struct uio uio = uio_kernel(bytes, sizeof(bytes));
    uint64_t position = 3 * PAGE_SIZE - 50;
    ktest_check(file_write(file, &uio, &position) == 100 && position == 3 * PAGE_SIZE + 50);
    ktest_check(file->inode->size == 3 * PAGE_SIZE + 50);
    ktest_check(file_read_kernel(file, back, 100, 3 * PAGE_SIZE - 50) == 100);
    ktest_check(memcmp(bytes, back, 100) == 0);
    ktest_check(file_read_kernel(file, back, 100, 0) == 100 && back[0] == 0 && back[99] == 0);
    ktest_check(inode_truncate(file->inode, 3 * PAGE_SIZE - 10) == 0);
    ktest_check(inode_truncate(file->inode, 4 * PAGE_SIZE) == 0);
    ktest_check(file_read_kernel(file, back, 20, 3 * PAGE_SIZE - 20) == 20);
    ktest_check(back[9] == 'x' && back[10] == 0 && back[19] == 0);
    ktest_check(file_read_kernel(file, back, 1, 4 * PAGE_SIZE) == 0);
    file_put(file);
    ktest_check(path_unlink(HERE, "/file", false) == 0);
}

KTEST(pipe_ring) {
    struct file *ends[2];
    static char bytes[PIPE_SIZE], back[PIPE_SIZE];
    ktest_check(pipe_create(O_NONBLOCK, ends) == 0);
    ktest_check(file_read_kernel(ends[0], back, 1, 0) == -EAGAIN);
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = i * 7;
    for (size_t size = 1; size <= sizeof(bytes); size = size * 3 + 1) {
        struct uio uio = uio_kernel(bytes, size);
        ktest_check(file_write(ends[1], &uio, NULL) == (long)size);
        memset(back, 0, size);
        ktest_check(file_read_kernel(ends[0], back, sizeof(back), 0) == (long)size);
        ktest_check(memcmp(bytes, back, size) == 0);
    }
    struct uio all = uio_kernel(bytes, sizeof(bytes));
    ktest_check(file_write(ends[1], &all, NULL) == (long)sizeof(bytes));
    struct uio more = uio_kernel(bytes, 1);
    ktest_check(file_write(ends[1], &more, NULL) == -EAGAIN);
    file_put(ends[0]);
    ktest_check(file_write(ends[1], &more, NULL) == -EPIPE);
    file_put(ends[1]);
}

// The head comes round to the page that the tail has not left yet.
KTEST(pipe_ring_wraps_within_a_page) {
    struct file *ends[2];
    static char bytes[PIPE_SIZE], back[PIPE_SIZE];
    ktest_check(pipe_create(O_NONBLOCK, ends) == 0);
    uint8_t written = 0, seen = 0;
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < 5001; i++)
            bytes[i] = written + i;
        struct uio uio = uio_kernel(bytes, 5001);
        long done = file_write(ends[1], &uio, NULL);
        written += done > 0 ? done : 0;
        if (done == 5001)
            continue;
        long got = file_read_kernel(ends[0], back, 5003, 0);
        ktest_check(got == 5003);
        for (long i = 0; i < got; i++, seen++) {
            if ((uint8_t)back[i] != seen)
                ktest_check(false);
        }
    }
    file_put(ends[0]);
    file_put(ends[1]);
}

KTEST(cpio_refuses_what_is_malformed) {
    static char header[120];
    need_root();
    ktest_check(cpio_unpack(header, 0) == -EINVAL && cpio_unpack("070701", 6) == -EINVAL);
    memset(header, '0', sizeof(header));
    memcpy(header, "070701", 6);
    ktest_check(cpio_unpack(header, sizeof(header)) == -EINVAL);     // a name of no bytes
    memset(header + 6, 'F', 104);
    ktest_check(cpio_unpack(header, sizeof(header)) == -EINVAL);     // sizes past the end
    memset(header + 6, 'G', 104);
    ktest_check(cpio_unpack(header, sizeof(header)) == -EINVAL);     // no digits
}
