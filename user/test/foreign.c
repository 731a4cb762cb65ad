/*
 * Calls that programs from elsewhere make: what a C library asks at its start, the kernel's log,
 * extended attributes, transfers from file to file; and what becomes of calls that there are not.
 */
#include "common/check.h"

#include <abi/hwprobe.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILS(call, error) ((call) == -1 && errno == (error))

static const char *const path = "/tmp/foreign-test";
static char text[32768];

/* How often the log has "NAME (this process's PID) asks for system call N (ACCT), ...". */
static int logged(pid_t pid) {
    char line[64];
    int size = klogctl(SYSLOG_ACTION_READ_ALL, text, sizeof(text) - 1), count = 0;

    text[size > 0 ? size : 0] = '\0';
    snprintf(line, sizeof(line), "<6>foreign (%d) asks for system call 89 (acct)", (int)pid);
    for (const char *at = text; (at = strstr(at, line)); at++)
        count++;
    return count;
}

static bool child_ends_well(pid_t child) {
    int status;

    return waitpid(child, &status, 0) == child && status == 0;
}

static void test_missing(void) {
    pid_t child;

    CHECK("a call that there is not", FAILS(syscall(SYS_acct, 0), ENOSYS));
    CHECK("... and that has no name",
          FAILS(syscall(400), ENOSYS) && FAILS(syscall(-5l), ENOSYS) && FAILS(syscall(99999), ENOSYS));
    CHECK("it is logged", logged(getpid()) == 1);
    syscall(SYS_acct, 0);
    CHECK("... once", logged(getpid()) == 1);
    child = fork();
    if (child == 0) {
        syscall(SYS_acct, 0);
        _exit(logged(getpid()));
    }
    CHECK("... for the program, children included", child_ends_well(child));
    child = fork();
    if (child == 0)
        execl("/test/foreign", "foreign", "again", (char *)NULL);
    CHECK("... and again for another program", child_ends_well(child));
}

static void test_log(void) {
    int size = klogctl(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0);
    int got = klogctl(SYSLOG_ACTION_READ_ALL, text, sizeof(text));

    CHECK("the log's size", size >= 4096 && got > 0 && got <= size);
    got = klogctl(SYSLOG_ACTION_READ_ALL, text, 200);
    CHECK("its last lines, whole", got > 0 && got <= 200 && text[0] == '<' && text[got - 1] == '\n');
    CHECK("... none fits", klogctl(SYSLOG_ACTION_READ_ALL, text, 3) == 0);
    CHECK("wrong requests", FAILS(klogctl(99, text, 1), EINVAL) &&
          FAILS(klogctl(SYSLOG_ACTION_READ_ALL, NULL, 1), EINVAL) &&
          FAILS(klogctl(SYSLOG_ACTION_READ_ALL, text, -1), EINVAL) &&
          FAILS(klogctl(SYSLOG_ACTION_READ_ALL, (char *)8, 400), EFAULT) &&
          FAILS(klogctl(SYSLOG_ACTION_CONSOLE_LEVEL, NULL, 9), EINVAL));
    pid_t child = fork();
    if (child == 0) {
        bool refused = setuid(1) == 0 && FAILS(klogctl(SYSLOG_ACTION_CLEAR, NULL, 0), EPERM) &&
                       klogctl(SYSLOG_ACTION_READ_ALL, text, sizeof(text)) > 0;
        _exit(refused ? 0 : 1);
    }
    CHECK("everybody reads, root clears", child_ends_well(child));
}

static void test_prctl(void) {
    char name[16];

    CHECK("PR_SET_NAME", prctl(PR_SET_NAME, "another name, which is long") == 0 &&
          prctl(PR_GET_NAME, name) == 0 && strcmp(name, "another name, w") == 0);
    prctl(PR_SET_NAME, "foreign");
    CHECK("wrong requests", FAILS(prctl(PR_SET_NAME, 8), EFAULT) && FAILS(prctl(9999), EINVAL));
}

static void test_machine(void) {
    struct riscv_hwprobe pairs[] = {{RISCV_HWPROBE_KEY_IMA_EXT_0, 0}, {999, 5},
                                    {RISCV_HWPROBE_KEY_BASE_BEHAVIOR, 0}};
    unsigned cpu = 99, node = 99;
    struct utsname name;

    CHECK("riscv_hwprobe", syscall(SYS_riscv_hwprobe, pairs, 3, 0, NULL, 0) == 0 &&
          (pairs[0].value & 3) == 3 && pairs[1].key == -1 && pairs[2].value == 1);
    CHECK("... refuses", FAILS(syscall(SYS_riscv_hwprobe, pairs, 3, 0, NULL, 64), EINVAL) &&
          FAILS(syscall(SYS_riscv_hwprobe, 8, 1, 0, NULL, 0), EFAULT));
    CHECK("getcpu", syscall(SYS_getcpu, &cpu, &node) == 0 && cpu < 8 && node == 0);
    CHECK("rseq", FAILS(syscall(SYS_rseq, 0, 0, 0, 0), ENOSYS));
    CHECK("socket", FAILS(syscall(SYS_socket, 2, 1, 0), EAFNOSUPPORT));
    CHECK("setdomainname", syscall(SYS_setdomainname, "home", 4) == 0 && uname(&name) == 0 &&
          strcmp(name.domainname, "home") == 0 && syscall(SYS_setdomainname, "(none)", 6) == 0);
}

static void test_attributes(void) {
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

    CHECK("getxattr", FAILS(syscall(SYS_getxattr, path, "user.a", NULL, 0), EOPNOTSUPP) &&
          FAILS(syscall(SYS_fgetxattr, fd, "user.a", NULL, 0), EOPNOTSUPP));
    CHECK("setxattr", FAILS(syscall(SYS_lsetxattr, path, "user.a", "b", 1, 0), EOPNOTSUPP) &&
          FAILS(syscall(SYS_fremovexattr, fd, "user.a"), EOPNOTSUPP));
    CHECK("listxattr", syscall(SYS_listxattr, path, NULL, 0) == 0 &&
          syscall(SYS_flistxattr, fd, NULL, 0) == 0);
    CHECK("... of nothing", FAILS(syscall(SYS_getxattr, "/no", "user.a", NULL, 0), ENOENT) &&
          FAILS(syscall(SYS_flistxattr, 99, NULL, 0), EBADF));
    close(fd);
}

static void test_copy(void) {
    int in = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    int out = open("/tmp/foreign-out", O_RDWR | O_CREAT | O_TRUNC, 0600);
    long from = 2, to = 1;
    char got[16] = "";

    CHECK("copy_file_range begins", write(in, "0123456789", 10) == 10 && lseek(in, 1, SEEK_SET) == 1);
    CHECK("copy_file_range, positions of its own",
          syscall(SYS_copy_file_range, in, &from, out, &to, 4, 0) == 4 && from == 6 && to == 5 &&
              pread(out, got, 15, 0) == 5 && memcmp(got, "\0" "2345", 5) == 0);
    CHECK("... the files' own", syscall(SYS_copy_file_range, in, NULL, out, NULL, 100, 0) == 9 &&
          lseek(in, 0, SEEK_CUR) == 10 && lseek(out, 0, SEEK_CUR) == 9);
    CHECK("... at the end", syscall(SYS_copy_file_range, in, NULL, out, NULL, 100, 0) == 0);
    from = 0, to = 3;
    CHECK("... onto itself", FAILS(syscall(SYS_copy_file_range, in, &from, in, &to, 4, 0), EINVAL) &&
          syscall(SYS_copy_file_range, in, &from, in, &to, 3, 0) == 3);
    CHECK("... refuses", FAILS(syscall(SYS_copy_file_range, in, NULL, out, NULL, 1, 1), EINVAL) &&
          FAILS(syscall(SYS_copy_file_range, 99, NULL, out, NULL, 1, 0), EBADF) &&
          FAILS(syscall(SYS_copy_file_range, in, 8, out, NULL, 1, 0), EFAULT));
    close(in), close(out);
    unlink("/tmp/foreign-out");
}

static void test_descriptors(void) {
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600), ends[2];
    struct iovec piece = {.iov_base = "abc", .iov_len = 3};

    CHECK("pwritev2", syscall(SYS_pwritev2, fd, &piece, 1, -1l, 0, 0) == 3 &&
          syscall(SYS_pwritev2, fd, &piece, 1, 5l, 0, 0) == 3 && lseek(fd, 0, SEEK_CUR) == 3);
    CHECK("preadv2 of unknown flags", FAILS(syscall(SYS_preadv2, fd, &piece, 1, 0l, 0, 64), EOPNOTSUPP));
    CHECK("fadvise64", syscall(SYS_fadvise64, fd, 0l, 0l, POSIX_FADV_WILLNEED) == 0 &&
          FAILS(syscall(SYS_fadvise64, fd, 0l, 0l, 77), EINVAL) && pipe(ends) == 0 &&
          FAILS(syscall(SYS_fadvise64, ends[0], 0l, 0l, 0), ESPIPE));
    CHECK("fallocate", FAILS(syscall(SYS_fallocate, fd, 0, 0l, 100l), EOPNOTSUPP) &&
          FAILS(syscall(SYS_fallocate, fd, 0, -1l, 100l), EINVAL) &&
          FAILS(syscall(SYS_fallocate, 99, 0, 0l, 100l), EBADF));
    CHECK("syncfs", syscall(SYS_syncfs, fd) == 0 && FAILS(syscall(SYS_syncfs, 99), EBADF));
    close(fd), close(ends[0]), close(ends[1]);
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "again") == 0) {
        syscall(SYS_acct, 0);
        return logged(getpid()) == 1 ? 0 : 1;
    }
    test_missing();
    test_log();
    test_prctl();
    test_machine();
    test_attributes();
    test_copy();
    test_descriptors();
    unlink(path);
    return check_done();
}
