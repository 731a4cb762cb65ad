/*
 * Users and groups: who may become whom, and what each may do with files.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIR "/tmp/ids-test"

static void *volatile bad_pointer = (void *)8;   /* the compiler must not know */

static bool denied(long result, int expected) {
    return result == -1 && errno == expected;
}

static bool uids_are(uid_t real, uid_t effective, uid_t saved) {
    uid_t r, e, s;

    return getresuid(&r, &e, &s) == 0 && r == real && e == effective && s == saved &&
           getuid() == real && geteuid() == effective;
}

/* Each rule in a child, which returns the number of the first line that is wrong. */
static int drop_for_good(void *unused) {
    (void)unused;
    if (setuid(1000) != 0 || !uids_are(1000, 1000, 1000))
        return 1;
    if (!denied(setuid(0), EPERM) || !denied(seteuid(0), EPERM) || !denied(setreuid(0, -1), EPERM))
        return 2;
    if (setuid(1000) != 0 || setresuid(-1, -1, -1) != 0)
        return 3;
    return denied(setgroups(0, NULL), EPERM) && denied(sethostname("x", 1), EPERM) ? 0 : 4;
}

static int drop_and_return(void *unused) {
    (void)unused;
    if (seteuid(1000) != 0 || !uids_are(0, 1000, 0))
        return 1;
    if (!denied(setresuid(5, -1, -1), EPERM) || !uids_are(0, 1000, 0))
        return 2;
    if (setuid(0) != 0 || !uids_are(0, 0, 0))
        return 3;
    if (setresuid(1000, 1001, 1002) != 0 || !uids_are(1000, 1001, 1002))
        return 4;
    if (setuid(1002) != 0 || !uids_are(1000, 1002, 1002))
        return 5;
    if (setresuid(1002, 1000, 1000) != 0 || !uids_are(1002, 1000, 1000))
        return 6;
    return denied(setuid(1001), EPERM) ? 0 : 7;
}

static int swap_ids(void *unused) {
    (void)unused;
    if (setreuid(1000, 2000) != 0 || !uids_are(1000, 2000, 2000))
        return 1;
    if (setreuid(2000, 1000) != 0 || !uids_are(2000, 1000, 1000))
        return 2;
    return denied(setuid(-1), EINVAL) ? 0 : 3;
}

static int change_groups(void *unused) {
    gid_t some[] = { 5, 6, 7 }, got[8];
    gid_t r, e, s;

    (void)unused;
    if (setgroups(3, some) != 0 || getgroups(0, NULL) != 3 || getgroups(8, got) != 3 || got[2] != 7)
        return 1;
    if (!denied(getgroups(2, got), EINVAL) || !denied(getgroups(3, bad_pointer), EFAULT))
        return 2;
    if (!denied(setgroups(1 << 20, some), EINVAL) || !denied(setgroups(2, bad_pointer), EFAULT))
        return 3;
    if (setgid(1000) != 0 || getresgid(&r, &e, &s) != 0 || r != 1000 || e != 1000 || s != 1000)
        return 4;
    return setuid(1000) == 0 && denied(setgid(0), EPERM) ? 0 : 5;
}

static void file_make(const char *path, uid_t uid, gid_t gid, int mode) {
    unlink(path);
    close(open(path, O_WRONLY | O_CREAT, 0600));
    chown(path, uid, gid);
    chmod(path, mode);
}

static bool opens(const char *path, int flags) {
    int fd = open(path, flags);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* The right to execute is enough to execute. */
static int run_unreadable(void *unused) {
    (void)unused;
    setuid(1000);
    if (opens(DIR "/program", O_RDONLY))
        return 1;
    execl(DIR "/program", "program", NULL);
    return 2;
}

static int open_files(void *unused) {
    gid_t group = 50;

    (void)unused;
    setgroups(1, &group);
    setgid(1000);
    setuid(1000);
    if (opens(DIR "/root-only", O_RDONLY) || errno != EACCES)
        return 1;
    if (!opens(DIR "/mine", O_RDWR) || !opens(DIR "/readable", O_RDONLY))
        return 2;
    if (opens(DIR "/readable", O_WRONLY) || errno != EACCES)
        return 3;
    if (!opens(DIR "/group", O_RDWR) || !opens(DIR "/extra-group", O_RDONLY))
        return 4;
    if (opens(DIR "/mine-but-not-for-me", O_RDONLY) || errno != EACCES)
        return 5;
    if (!denied(access(DIR "/root-only", R_OK), EACCES) || access(DIR "/root-only", F_OK) != 0)
        return 6;
    if (opens(DIR "/closed/file", O_RDONLY) || errno != EACCES)
        return 7;
    if (!denied(open(DIR "/new", O_CREAT | O_WRONLY, 0600), EACCES) ||
        !denied(unlink(DIR "/mine"), EACCES) || !denied(mkdir(DIR "/d", 0700), EACCES))
        return 8;
    return 0;
}

static int change_files(void *unused) {
    (void)unused;
    setgid(1000);
    setuid(1000);
    if (!denied(chmod(DIR "/root-only", 0666), EPERM))
        return 1;
    if (chmod(DIR "/mine", 0640) != 0)
        return 2;
    if (!denied(chown(DIR "/mine", 0, -1), EPERM) || !denied(chown(DIR "/mine", -1, 0), EPERM))
        return 3;
    if (chown(DIR "/mine", -1, 1000) != 0)
        return 4;
    if (!denied(chown(DIR "/root-only", 1000, 1000), EPERM))
        return 5;
    return 0;
}

static int sticky(void *unused) {
    (void)unused;
    setgid(1000);
    setuid(1000);
    if (!denied(unlink("/tmp/ids-sticky"), EPERM) && errno != EACCES)
        return 1;
    close(open("/tmp/ids-own", O_CREAT | O_WRONLY, 0600));
    return unlink("/tmp/ids-own") == 0 ? 0 : 2;
}

static void check_child(const char *name, int (*body)(void *)) {
    int status = child_run(body, NULL);
    char why[40];

    snprintf(why, sizeof(why), "status 0x%x", status);
    check(name, exited_with(status, 0), why);
}

static void test_files(void) {
    struct stat st;

    mkdir(DIR, 0755);
    file_make(DIR "/root-only", 0, 0, 0600);
    file_make(DIR "/mine", 1000, 1000, 0600);
    file_make(DIR "/readable", 0, 0, 0644);
    file_make(DIR "/group", 0, 1000, 0060);
    file_make(DIR "/extra-group", 0, 50, 0040);
    file_make(DIR "/mine-but-not-for-me", 1000, 1000, 0077);
    mkdir(DIR "/closed", 0700);
    file_make(DIR "/closed/file", 1000, 1000, 0666);
    file_make("/tmp/ids-sticky", 0, 0, 0666);
    check_child("opening", open_files);
    check_child("chmod and chown", change_files);
    check_child("a sticky directory", sticky);
    CHECK("what they left", stat(DIR "/mine", &st) == 0 && (st.st_mode & 07777) == 0640 &&
                                st.st_uid == 1000);
    CHECK("a program is copied",
          system("cp /bin/true " DIR "/program && chmod 111 " DIR "/program") == 0);
    CHECK("a program need not be readable", exited_with(child_run(run_unreadable, NULL), 0));
    unlink(DIR "/program");
    CHECK("root opens all", opens(DIR "/mine-but-not-for-me", O_RDWR) &&
                                opens(DIR "/closed/file", O_RDWR));
    static const char *const names[] = { "/root-only", "/mine", "/readable", "/group",
                                         "/extra-group", "/mine-but-not-for-me", "/closed/file" };
    char path[64];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), DIR "%s", names[i]);
        unlink(path);
    }
    rmdir(DIR "/closed");
    unlink("/tmp/ids-sticky");
    CHECK("all removed", rmdir(DIR) == 0);
}

int main(void) {
    CHECK("we are root", uids_are(0, 0, 0) && getgid() == 0 && getegid() == 0);
    check_child("dropping root for good", drop_for_good);
    check_child("dropping root for a while", drop_and_return);
    check_child("swapping ids", swap_ids);
    check_child("groups", change_groups);
    CHECK("bad pointers", denied(getresuid((uid_t *)8, (uid_t *)8, (uid_t *)8), EFAULT));
    test_files();
    return check_done();
}
