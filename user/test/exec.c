/*
 * execve: what a program starts with, scripts, and files that are no programs.
 */
#include "common/check.h"
#include "common/child.h"

#include <abi/elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BAD "/tmp/exec-bad"
#define SCRIPT "/tmp/exec-script"

static void *volatile bad_pointer = (void *)8;   /* the compiler must not know */
static char image[65536];
static size_t image_size;

static int exec_path(void *path) {
    char *argv[] = { path, "--check", "two words", "", NULL };
    char *envp[] = { "COLOUR=green", "EMPTY=", NULL };

    execve(path, argv, envp);
    return errno;
}

/* The error that executing `path` gives; -1 if it runs. Relies on no errno being an exit status. */
static int exec_error(const char *path) {
    int status = child_run(exec_path, (void *)path);

    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* In the executed program: is everything as exec_path gave it? */
static int check_start(int argc, char *argv[]) {
    const unsigned char *random = (const unsigned char *)getauxval(AT_RANDOM);
    const Elf64_Phdr *headers = (const Elf64_Phdr *)getauxval(AT_PHDR);
    bool load = false;

    if (argc != 4 || strcmp(argv[2], "two words") || argv[3][0] || argv[4])
        return 201;
    if (!environ[0] || !environ[1] || environ[2] || strcmp(environ[0], "COLOUR=green") ||
        strcmp(environ[1], "EMPTY="))
        return 202;
    if (getauxval(AT_PAGESZ) != 4096 || getauxval(AT_UID) != getuid() ||
        getauxval(AT_EGID) != getegid() || getauxval(AT_SECURE))
        return 203;
    if (!random || (random[0] == random[1] && random[1] == random[2] && random[2] == random[3]))
        return 204;
    if (!headers || getauxval(AT_PHENT) != sizeof(*headers))
        return 205;
    for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++)
        load |= headers[i].p_type == PT_LOAD && getauxval(AT_ENTRY) - headers[i].p_vaddr <
                                                    headers[i].p_memsz;
    if (!load || strcmp((const char *)getauxval(AT_EXECFN), argv[0]))
        return 206;
    return ((uintptr_t)argv & 7) ? 207 : 0;
}

static void file_write(const char *path, const void *data, size_t size, int mode) {
    int fd;

    unlink(path);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
    write(fd, data, size);
    close(fd);
    chmod(path, mode);
}

static void test_errors(void) {
    CHECK("a program and its start", exec_error(own_path()) == 0);
    CHECK("no such file", exec_error("/tmp/no-such-program") == ENOENT);
    CHECK("no such directory", exec_error("/tmp/no/such") == ENOENT);
    CHECK("the empty path", exec_error("") == ENOENT);
    CHECK("a file as directory", exec_error("/bin/true/x") == ENOTDIR);
    CHECK("a directory", exec_error("/tmp") == EACCES);
    CHECK("a device", exec_error("/dev/null") == EACCES);
    file_write(BAD, "x", 1, 0644);
    CHECK("a file without x", exec_error(BAD) == EACCES);
    file_write(BAD, "", 0, 0755);
    CHECK("an empty file", exec_error(BAD) == ENOEXEC);
    file_write(BAD, "hello, world\n", 13, 0755);
    CHECK("a text", exec_error(BAD) == ENOEXEC);
    unlink(BAD);
    mkfifo(BAD, 0755);
    CHECK("a fifo", exec_error(BAD) == EACCES);
    unlink(BAD);
    errno = 0;
    CHECK("a bad path pointer", execve(bad_pointer, NULL, NULL) == -1 && errno == EFAULT);
    errno = 0;
    CHECK("a bad argument vector", execve("/bin/true", bad_pointer, NULL) == -1 && errno == EFAULT);
    char *bad[] = { "true", (char *)-8l, NULL };
    errno = 0;
    CHECK("a bad argument", execve("/bin/true", bad, NULL) == -1 && errno == EFAULT);
}

static int exec_many(void *count) {
    size_t n = (size_t)count;
    char **argv = malloc((n + 1) * sizeof(*argv)), *text = malloc(4000);

    memset(text, 'a', 3999);
    text[3999] = 0;
    for (size_t i = 0; i < n; i++)
        argv[i] = text;
    argv[n] = NULL;
    execve("/bin/true", argv, NULL);
    return errno;
}

static void test_size(void) {
    CHECK("400 KB of arguments", exited_with(child_run(exec_many, (void *)100), 0));
    CHECK("40 MB of arguments", exited_with(child_run(exec_many, (void *)10000), E2BIG));
}

static void script(const char *text) {
    file_write(SCRIPT, text, strlen(text), 0755);
}

static void test_scripts(void) {
    char line[300];

    script("#!/bin/sh\nexit 43\n");
    CHECK("a script", exec_error(SCRIPT) == 43);
    script("#! /bin/sh -e\nfalse\nexit 44\n");
    CHECK("a script with an argument", exec_error(SCRIPT) == 1);
    script("#!/bin/sh\ntest \"$1\" = --check && test \"$2\" = 'two words' && exit 45\n");
    CHECK("its arguments", exec_error(SCRIPT) == 45);
    script("#!/tmp/no-such-interpreter\n");
    CHECK("a missing interpreter", exec_error(SCRIPT) == ENOENT);
    script("#!\n");
    CHECK("no interpreter", exec_error(SCRIPT) == ENOEXEC);
    script("#!" SCRIPT "\n");
    CHECK("a script that interprets itself", exec_error(SCRIPT) == ELOOP);
    snprintf(line, sizeof(line), "#!%s\n", own_path());
    file_write(SCRIPT "-2", line, strlen(line), 0755);
    script("#!" SCRIPT "-2 argument\n");
    CHECK("nested scripts", exec_error(SCRIPT) == 46);
    unlink(SCRIPT);
    unlink(SCRIPT "-2");
}

static int exec_with_descriptors(void *unused) {
    int kept = open("/dev/null", O_RDONLY), closed = open("/dev/null", O_RDONLY | O_CLOEXEC);
    char a[12], b[12];

    (void)unused;
    snprintf(a, sizeof(a), "%d", kept);
    snprintf(b, sizeof(b), "%d", closed);
    execl(own_path(), "exec", "--descriptors", a, b, (char *)NULL);
    return 99;
}

static int check_descriptors(char *argv[]) {
    return fcntl(atoi(argv[2]), F_GETFD) == 0 && fcntl(atoi(argv[3]), F_GETFD) == -1 ? 0 : 1;
}

static int exec_quietly(void *path) {
    char *argv[] = { path, NULL };

    for (int fd = 0; fd < 3; fd++)
        close(fd);
    execve(path, argv, NULL);
    return 200;
}

/* A broken program may fail to start, crash, end or run for ever; but it can be killed. */
static bool survives(size_t size) {
    bool killed;

    file_write(BAD, image, size, 0755);
    return child_wait_limited(child_start(exec_quietly, BAD), 100, &killed) != -1;
}

static void test_truncated(void) {
    bool good = true;
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
    size_t headers = header->e_phoff + header->e_phnum * sizeof(Elf64_Phdr);

    for (size_t size = 1; size <= headers; size += 7) {
        file_write(BAD, image, size, 0755);
        good &= exec_error(BAD) == ENOEXEC;
    }
    CHECK("a truncated header is refused", good);
    good = true;
    for (size_t size = headers; size < image_size; size += image_size / 10)
        good &= survives(size);
    CHECK("a truncated program harms nobody", good);
}

static bool corrupt_rounds(unsigned rounds, unsigned seed) {
    static char saved[1024];
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
    size_t headers = header->e_phoff + header->e_phnum * sizeof(Elf64_Phdr);
    bool good = true;

    if (headers > sizeof(saved))
        headers = sizeof(saved);
    memcpy(saved, image, headers);
    for (unsigned round = 0; round < rounds && good; round++) {
        for (unsigned flips = 1 + round % 4; flips; flips--) {
            seed = seed * 1103515245 + 12345;
            size_t at = (seed >> 12) % headers;
            image[at] = round % 3 ? image[at] ^ (1 << (seed >> 8 & 7)) : (char)(seed >> 24);
        }
        good &= survives(image_size);
        memcpy(image, saved, headers);
    }
    return good;
}

static void test_corrupt(void) {
    int fd = open("/bin/true", O_RDONLY);
    long before;

    image_size = read(fd, image, sizeof(image));
    close(fd);
    CHECK("/bin/true is read", image_size > sizeof(Elf64_Ehdr) && image_size < sizeof(image));
    CHECK("a whole copy runs", survives(image_size) && exec_error(BAD) == 0);
    test_truncated();
    CHECK("warming up", corrupt_rounds(20, 1));
    before = memory_free();
    CHECK("300 corrupt programs", corrupt_rounds(300, 20260101));
    CHECK("memory is back", memory_is_back(before, 16 * 4096));
    unlink(BAD);
}

/* exec --errors FILE...: what executing each gives. */
static int print_errors(char *paths[]) {
    for (; *paths; paths++)
        printf("%s %d\n", *paths, exec_error(*paths));
    return 0;
}

int main(int argc, char *argv[]) {
    if (argc > 1 && !strcmp(argv[1], "--errors"))
        return print_errors(argv + 2);
    if (argc == 4 && !strcmp(argv[1], "--descriptors"))
        return check_descriptors(argv);
    if (argc > 1 && !strncmp(argv[1], "/tmp/exec-script", 16))
        return argc > 3 && !strcmp(argv[2], "argument") ? 46 : 47;
    if (argc > 1 && !strcmp(argv[1], "--check"))
        return check_start(argc, argv);
    test_errors();
    test_size();
    test_scripts();
    CHECK("close on exec", exited_with(child_run(exec_with_descriptors, NULL), 0));
    test_corrupt();
    return check_done();
}
