/*
 * Calls on names, files and mounts.
 */
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>

#define MiB  (1ul << 20)
#define LONG_NAME "a-name-that-is-too-long-for-the-room-in-a-dentry-or-an-inode-and-needs-memory"

char *area;
int file, big, made = -1;
static int dir, made2 = -1;

static void close_made(void) {
    if (made >= 0)
        close(made);
    if (made2 >= 0)
        close(made2);
    made = made2 = -1;
}

#define OPEN(name, ...) \
    static long name(void) { return made = (int)syscall(SYS_openat, AT_FDCWD, __VA_ARGS__); }

OPEN(call_open, "file", O_RDONLY)
OPEN(call_open_link, "slow/slow/slow/file", O_RDONLY)
OPEN(call_create, "new", O_RDWR | O_CREAT, 0600)
OPEN(call_create_long, LONG_NAME, O_RDWR | O_CREAT, 0600)
OPEN(call_open_maps, "/proc/self/maps", O_RDONLY)
OPEN(call_open_task, "/proc/self/task", O_RDONLY)
OPEN(call_open_meminfo, "/proc/meminfo", O_RDONLY)
OPEN(call_open_mounts, "/proc/self/mountinfo", O_RDONLY)
OPEN(call_open_stat, "/proc/self/stat", O_RDONLY)
OPEN(call_open_environ, "/proc/1/environ", O_RDONLY)
OPEN(call_open_trace, "/proc/sched_trace", O_RDONLY)
OPEN(call_open_frames, "/proc/frames", O_RDONLY)
OPEN(call_open_ptmx, "/dev/ptmx", O_RDWR | O_NOCTTY)
OPEN(call_open_fifo, "fifo", O_RDWR)
OPEN(call_open_disk, "/dev/vda", O_RDONLY)
CALL(call_faccess, SYS_faccessat, AT_FDCWD, "d/inner", 0)
CALL(call_mkdir, SYS_mkdirat, AT_FDCWD, "new", 0700)
CALL(call_mknod, SYS_mknodat, AT_FDCWD, "new", S_IFIFO | 0600, 0)
CALL(call_symlink, SYS_symlinkat, "target", AT_FDCWD, "new")
CALL(call_symlink_long, SYS_symlinkat, LONG_NAME "/" LONG_NAME, AT_FDCWD, "new")
CALL(call_link, SYS_linkat, AT_FDCWD, "file", AT_FDCWD, "new", 0)
CALL(call_rename, SYS_renameat2, AT_FDCWD, "old", AT_FDCWD, LONG_NAME, 0)
CALL(call_rename_over, SYS_renameat2, AT_FDCWD, "old", AT_FDCWD, "new", 0)
CALL(call_rename_dir, SYS_renameat2, AT_FDCWD, "olddir", AT_FDCWD, "d/" LONG_NAME, 0)
CALL(call_unlink, SYS_unlinkat, AT_FDCWD, "new", 0)
CALL(call_rmdir, SYS_unlinkat, AT_FDCWD, "olddir", AT_REMOVEDIR)
CALL(call_readlink, SYS_readlinkat, AT_FDCWD, "slow", area, PAGE)
CALL(call_getdents, SYS_getdents64, dir, area, PAGE)
CALL(call_getcwd, SYS_getcwd, area, PAGE)
CALL(call_chdir, SYS_chdir, "../nomemory/d/..")
CALL(call_stat, SYS_newfstatat, AT_FDCWD, "d/inner", area, 0)
CALL(call_statx, SYS_statx, AT_FDCWD, "d/inner", 0, 0x7ff, area)
CALL(call_chmod, SYS_fchmodat, AT_FDCWD, "file", 0640)
CALL(call_utimens, SYS_utimensat, AT_FDCWD, "file", NULL, 0)
CALL(call_statfs, SYS_statfs, ".", area)
CALL(call_write, SYS_pwrite64, made, area, 30 * PAGE, 100 * PAGE)
CALL(call_write_far, SYS_pwrite64, made, area, PAGE, 80 * MiB)
CALL(call_read, SYS_pread64, big, area, 64 * PAGE, 0)
CALL(call_truncate, SYS_ftruncate, made, 100)
CALL(call_fsync, SYS_fsync, made)
CALL(call_sync, SYS_sync)
CALL(call_sendfile, SYS_sendfile, made, big, NULL, 20 * PAGE)
CALL(call_pipe, SYS_pipe2, area, O_NONBLOCK)
CALL(call_pipe_write, SYS_write, made, area, 60000)
CALL(call_dup_far, SYS_dup3, file, 900, 0)
CALL(call_flock, SYS_flock, file, 2)
CALL(call_chroot, SYS_chroot, "/")
CALL(call_mount, SYS_mount, "none", "d", "tmpfs", 0, NULL)
CALL(call_mount_disk, SYS_mount, "/dev/vdb", "d", "ext2", 0, NULL)
CALL(call_mount_proc, SYS_mount, "none", "d", "proc", 0, NULL)
CALL(call_umount, SYS_umount2, "d", 0)

static long call_record_lock(void) {
    struct flock lock = { .l_type = F_WRLCK, .l_start = 100, .l_len = 10 };

    return syscall(SYS_fcntl, file, F_SETLK, &lock);
}

static long call_record_split(void) {
    struct flock lock = { .l_type = F_UNLCK, .l_start = 104, .l_len = 2 };

    return syscall(SYS_fcntl, file, F_SETLK, &lock);
}

static void lock_drop(void) {
    struct flock lock = { .l_type = F_UNLCK };

    fcntl(file, F_SETLK, &lock);
}

static void lock_take(void) {
    lock_drop();
    call_record_lock();
}

static long call_writev(void) {
    static struct iovec pieces[500];

    for (int i = 0; i < 500; i++)
        pieces[i] = (struct iovec){ area + i, 10 };
    return syscall(SYS_writev, made, pieces, 500);
}

/* --- what is needed, and what undoes it --- */

static void new_drop(void) {
    close_made();
    unlink("new");
    unlink(LONG_NAME);
}

static void dir_drop(void) { rmdir("new"); }
static void old_make(void) { close(open("old", O_RDWR | O_CREAT, 0600)); }

static void old_drop(void) {
    unlink("old");
    unlink(LONG_NAME);
    unlink("new");
}

static void two_make(void) {
    old_make();
    close(open("new", O_RDWR | O_CREAT, 0600));
}

static void olddir_make(void) { mkdir("olddir", 0700); }

static void olddir_drop(void) {
    rmdir("olddir");
    rmdir("d/" LONG_NAME);
}

static void new_open(void) { made = open("new", O_RDWR | O_CREAT | O_TRUNC, 0600); }

static void new_full(void) {
    new_open();
    for (unsigned long i = 0; i < 600; i += 20)
        pwrite(made, area, PAGE, (off_t)(i * PAGE));
}

static void shared_open(void) { made = open("t/new", O_RDWR | O_CREAT | O_TRUNC, 0600); }

static void shared_drop(void) {
    close_made();
    unlink("t/new");
}

static void pipe_make(void) {
    int both[2];
    if (pipe2(both, O_NONBLOCK) == 0) {
        made = both[1];
        made2 = both[0];
    }
}

static void pipe_drop(void) {
    int *both = (int *)area;
    if (both[0] > 2) {
        close(both[0]);
        close(both[1]);
    }
    both[0] = 0;
}

static void far_drop(void) { close(900); }
static void rewind_dir(void) { lseek(dir, 0, SEEK_SET); }
static void unmount(void) { umount2("d", 0); }
static void mount_make(void) { mount("none", "d", "tmpfs", 0, NULL); }

void files_prepare(void) {
    area = mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    memset(area, 1, 64 * PAGE);
    mkdir("t", 0700);
    mount("none", "t", "tmpfs", 0, NULL);
    mkdir("d", 0700);
    close(open("d/inner", O_RDWR | O_CREAT, 0600));
    symlink("././././././././././././././././././././././././././././././././././.", "slow");
    mkfifo("fifo", 0600);
    file = open("file", O_RDWR | O_CREAT, 0600);
    dir = open("/bin", O_RDONLY);
    big = open("big", O_RDWR | O_CREAT, 0600);
    write(big, area, 64 * PAGE);
    write(big, area, 64 * PAGE);
    memset(area, 0, PAGE);
    call_writev(); /* its pages must be there */
    struct rlimit many = { 1024, 1024 };
    setrlimit(RLIMIT_NOFILE, &many);
}

void files_end(void) {
    unlink("big");
    unlink("file");
    unlink("fifo");
    unlink("slow");
    unlink("d/inner");
    rmdir("d");
    umount2("t", 0);
    rmdir("t");
    chdir("/");
    rmdir(PLACE);
}

const struct call file_calls[] = {
    { "open", call_open, NULL, close_made, false },
    { "open through links", call_open_link, NULL, close_made, false },
    { "create", call_create, NULL, new_drop, false },
    { "create a long name", call_create_long, NULL, new_drop, false },
    { "/proc/self/maps", call_open_maps, NULL, close_made, false },
    { "/proc/self/task", call_open_task, NULL, close_made, false },
    { "/proc/meminfo", call_open_meminfo, NULL, close_made, false },
    { "/proc/self/mountinfo", call_open_mounts, NULL, close_made, false },
    { "/proc/self/stat", call_open_stat, NULL, close_made, false },
    { "/proc/1/environ", call_open_environ, NULL, close_made, false },
    { "/proc/sched_trace", call_open_trace, NULL, close_made, false },
    { "/proc/frames", call_open_frames, NULL, close_made, false },
    { "ptmx", call_open_ptmx, NULL, close_made, false },
    { "fifo", call_open_fifo, NULL, close_made, false },
    { "a disk", call_open_disk, NULL, close_made, false },
    { "faccessat", call_faccess, NULL, NULL, false },
    { "mkdir", call_mkdir, NULL, dir_drop, false },
    { "mknod", call_mknod, NULL, new_drop, false },
    { "symlink", call_symlink, NULL, new_drop, false },
    { "symlink, long", call_symlink_long, NULL, new_drop, false },
    { "link", call_link, NULL, new_drop, false },
    { "rename", call_rename, old_make, old_drop, false },
    { "rename over", call_rename_over, two_make, old_drop, false },
    { "rename a directory", call_rename_dir, olddir_make, olddir_drop, false },
    { "unlink", call_unlink, two_make, old_drop, false },
    { "rmdir", call_rmdir, olddir_make, olddir_drop, false },
    { "readlink", call_readlink, NULL, NULL, false },
    { "getdents", call_getdents, rewind_dir, NULL, false },
    { "getcwd", call_getcwd, NULL, NULL, false },
    { "chdir", call_chdir, NULL, NULL, false },
    { "stat", call_stat, NULL, NULL, false },
    { "statx", call_statx, NULL, NULL, false },
    { "chmod", call_chmod, NULL, NULL, false },
    { "utimensat", call_utimens, NULL, NULL, false },
    { "statfs", call_statfs, NULL, NULL, false },
    { "write", call_write, new_open, new_drop, false },
    { "write far", call_write_far, new_open, new_drop, false },
    { "write to shared memory", call_write, shared_open, shared_drop, false },
    { "write to shared memory, far", call_write_far, shared_open, shared_drop, false },
    { "read", call_read, NULL, NULL, false },
    { "truncate", call_truncate, new_full, new_drop, false },
    { "fsync", call_fsync, new_full, new_drop, false },
    { "sync", call_sync, new_full, new_drop, false },
    { "sendfile", call_sendfile, new_open, new_drop, false },
    { "writev", call_writev, new_open, new_drop, false },
    { "pipe", call_pipe, NULL, pipe_drop, false },
    { "pipe: write", call_pipe_write, pipe_make, close_made, false },
    { "pipe: writev", call_writev, pipe_make, close_made, false },
    { "sendfile to a pipe", call_sendfile, pipe_make, close_made, false },
    { "dup", call_dup_far, NULL, far_drop, false },
    { "flock", call_flock, NULL, NULL, false },
    { "record lock", call_record_lock, lock_drop, lock_drop, false },
    { "record lock, split", call_record_split, lock_take, lock_drop, false },
    { "chroot", call_chroot, NULL, NULL, false },
    { "mount", call_mount, NULL, unmount, false },
    { "mount a disk", call_mount_disk, NULL, unmount, false },
    { "mount proc", call_mount_proc, NULL, unmount, false },
    { "umount", call_umount, mount_make, unmount, false },
    { NULL, NULL, NULL, NULL, false },
};
