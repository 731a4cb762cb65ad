/*
 * The start of a program of the GNU C library, its streams and its heap: a program for Linux, which
 * knows nothing of this kernel. One line for each check, and their number at the end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int ok, bad;
static const char *const path = "/tmp/glibc-stdio";

static void check(const char *what, bool holds) {
    printf("%s %s\n", holds ? "ok" : "FAIL", what);
    holds ? ok++ : bad++;
    fflush(stdout);
}

static int at_end;

static void count_end(void) { at_end++; }

static void test_start(void) {
    const unsigned char *random = (const unsigned char *)getauxval(AT_RANDOM);
    unsigned char any = 0;

    for (int i = 0; i < 16; i++)
        any |= random[i];
    check("the auxiliary vector", getauxval(AT_PAGESZ) == 4096 && any && getauxval(AT_HWCAP) & 1 &&
          strcmp((const char *)getauxval(AT_EXECFN), "/bin/glibc-stdio") == 0);
    check("errno is the thread's own", (errno = 5, open("/no/such", O_RDONLY) == -1) && errno == ENOENT);
    check("the program's name", strcmp(program_invocation_short_name, "glibc-stdio") == 0);
    check("locale, environment", setlocale(LC_ALL, "") && getenv("PATH") && setenv("A", "b", 1) == 0 &&
          strcmp(getenv("A"), "b") == 0);
    check("atexit", atexit(count_end) == 0);
}

static void test_streams(void) {
    FILE *file = fopen(path, "w+");
    char line[64], *grown = NULL;
    size_t room = 0;

    check("a stream", file && fprintf(file, "%s %d %.3f %zx\n", "one", 2, 3.25, (size_t)255) == 15);
    for (int i = 0; i < 10000; i++)
        fprintf(file, "line %d\n", i);
    check("its position", fflush(file) == 0 && ftell(file) == 15 + 98890 - 10000 + 10000);
    rewind(file);
    check("fgets", fgets(line, sizeof(line), file) && strcmp(line, "one 2 3.250 ff\n") == 0);
    check("fseek and getline", fseek(file, -10, SEEK_END) == 0 && getline(&grown, &room, file) == 10 &&
          strcmp(grown, "line 9999\n") == 0 && getline(&grown, &room, file) == -1 && feof(file));
    check("fscanf", fseek(file, 0, SEEK_SET) == 0 && fscanf(file, "%63s %d", line, &(int){0}) == 2);
    fclose(file);
    free(grown);
    check("append", (file = fopen(path, "a")) && fputs("end\n", file) >= 0 && ftell(file) > 98000 &&
          fclose(file) == 0);
    check("rename, remove", rename(path, "/tmp/glibc-other") == 0 && access(path, F_OK) == -1 &&
          remove("/tmp/glibc-other") == 0);
    check("tmpfile", (file = tmpfile()) && fwrite("abc", 1, 3, file) == 3 && fclose(file) == 0);
    check("popen", (file = popen("echo through a pipe", "r")) && fgets(line, sizeof(line), file) &&
          strcmp(line, "through a pipe\n") == 0 && pclose(file) == 0);
    check("system", WEXITSTATUS(system("exit 3")) == 3);
    check("a stream in memory", (file = fmemopen(line, sizeof(line), "w")) &&
          fprintf(file, "%05d", 42) == 5 && fclose(file) == 0 && strcmp(line, "00042") == 0);
}

static void test_heap(void) {
    enum { BLOCKS = 2000 };
    static unsigned char *blocks[BLOCKS];
    bool kept = true;

    for (int i = 0; i < BLOCKS; i++)
        memset(blocks[i] = malloc(i * 7 % 3000 + 1), i & 255, i * 7 % 3000 + 1);
    for (int i = 0; i < BLOCKS; i += 2)
        free(blocks[i]);
    for (int i = 1; i < BLOCKS; i += 2)
        kept = kept && (blocks[i] = realloc(blocks[i], 5000)) && blocks[i][i * 7 % 3000] == (i & 255);
    check("malloc, free, realloc", kept);
    unsigned char *large = malloc(1 << 20);
    memset(large, 7, 1 << 20);
    large = realloc(large, 5 << 20);        /* a mapping that is moved: mremap */
    check("a block that is a mapping", large && large[(1 << 20) - 1] == 7 && large[(5 << 20) - 1] == 0);
    free(large);
    check("memory is given back", malloc_trim(0) >= 0);
    check("calloc, aligned_alloc", ((long *)calloc(100, 8))[99] == 0 &&
          (uintptr_t)aligned_alloc(4096, 8192) % 4096 == 0);
    check("what is too much", malloc(SIZE_MAX / 4) == NULL && errno == ENOMEM);
}

static void test_files(void) {
    struct stat info;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0640);
    char *shared;

    check("fallocate without a file system that has it",
          posix_fallocate(fd, 0, 10000) == 0 && fstat(fd, &info) == 0 && info.st_size == 10000);
    check("stat", stat(path, &info) == 0 && info.st_mode == (S_IFREG | 0640) && info.st_nlink == 1 &&
          info.st_blksize == 4096 && labs(time(NULL) - info.st_mtime) < 100);
    shared = mmap(NULL, 10000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    check("a shared mapping", shared != MAP_FAILED && strcpy(shared + 8000, "mapped") &&
          msync(shared, 10000, MS_SYNC) == 0 && munmap(shared, 10000) == 0);
    char text[8] = "";
    check("... is the file", pread(fd, text, 7, 8000) == 7 && strcmp(text, "mapped") == 0);
    close(fd);
    unlink(path);
}

int main(void) {
    test_start();
    test_streams();
    test_heap();
    test_files();
    printf("done: %d ok, %d failed\n", ok, bad);
    return bad != 0;
}
