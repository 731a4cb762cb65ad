/*
 * Streams over files.
 */
#include "common/check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/stdioXXXXXX";

static void test_write_read(void) {
    char line[64], *got;
    FILE *f = fopen(path, "w");
    int i;

    for (i = 0; i < 3000; i++)
        fprintf(f, "line %d\n", i);
    CHECK("fclose", fclose(f) == 0);
    f = fopen(path, "r");
    for (i = 0; (got = fgets(line, sizeof(line), f)) != NULL; i++) {
        char expected[32];

        snprintf(expected, sizeof(expected), "line %d\n", i);
        if (strcmp(got, expected) != 0)
            break;
    }
    CHECK("fgets", i == 3000 && feof(f) && !ferror(f));
    rewind(f);
    CHECK("rewind", !feof(f) && fgetc(f) == 'l' && ftell(f) == 1);
    CHECK("ungetc", ungetc('X', f) == 'X' && ftell(f) == 0 && fgetc(f) == 'X' && fgetc(f) == 'i');
    CHECK("fseek", fseek(f, -5, SEEK_END) == 0 && fgets(line, 64, f) && !strcmp(line, "2999\n"));
    CHECK("fseek back", fseek(f, 7, SEEK_SET) == 0 && fgets(line, 4, f) && !strcmp(line, "lin"));
    fclose(f);
}

static void test_blocks(void) {
    static unsigned char out[20000], in[20000];
    FILE *f = fopen(path, "w+");
    size_t i;

    for (i = 0; i < sizeof(out); i++)
        out[i] = i * 31;
    CHECK("fwrite", fwrite(out, 1, 10, f) == 10 && fwrite(out + 10, 1, 19990, f) == 19990);
    CHECK("ftell", ftell(f) == 20000);
    rewind(f);
    CHECK("fread", fread(in, 2, 5, f) == 5 && fread(in + 10, 1, 30000, f) == 19990);
    CHECK("fread's data", memcmp(in, out, sizeof(out)) == 0 && feof(f));
    fseek(f, 5, SEEK_SET);
    fputs("HELLO", f);
    fseek(f, 4, SEEK_SET);
    CHECK("read after write", fgetc(f) == out[4] && fgetc(f) == 'H');
    fclose(f);
    f = fopen(path, "a");
    fputs("end", f);
    fclose(f);
    f = fopen(path, "r");
    fseek(f, -3, SEEK_END);
    CHECK("append", fread(in, 1, 10, f) == 3 && memcmp(in, "end", 3) == 0);
    fclose(f);
}

static void test_getline(void) {
    FILE *f = fopen(path, "w+");
    char *line = NULL;
    size_t size = 0;
    int i;

    for (i = 0; i < 10000; i++)
        fputc('a' + i % 26, f);
    fputs("\n\nlast", f);
    rewind(f);
    CHECK("getline long", getline(&line, &size, f) == 10001 && line[9999] == 'a' + 9999 % 26);
    CHECK("getline empty", getline(&line, &size, f) == 1 && strcmp(line, "\n") == 0);
    CHECK("getline last", getline(&line, &size, f) == 4 && strcmp(line, "last") == 0);
    CHECK("getline end", getline(&line, &size, f) == -1);
    free(line);
    fclose(f);
}

static void test_errors(void) {
    FILE *f;

    errno = 0;
    CHECK("fopen of nothing", fopen("/no/such/file", "r") == NULL && errno == ENOENT);
    CHECK("fopen of a bad mode", fopen(path, "q") == NULL && errno == EINVAL);
    CHECK("fopen exclusive", fopen(path, "wx") == NULL && errno == EEXIST);
    f = fopen(path, "r");
    CHECK("fputc to a reader", fputc('x', f) == EOF && ferror(f));
    clearerr(f);
    CHECK("clearerr", !ferror(f) && fgetc(f) == 'a');
    fclose(f);
    f = fopen("/dev/full", "w");
    if (f != NULL) {
        fputs("x", f);
        CHECK("fclose on a full disk", fclose(f) == EOF && errno == ENOSPC);
    }
}

static void test_shared_position(void) {
    int fd = open(path, O_RDONLY);
    FILE *f = fdopen(fd, "r");
    char c = 0;

    fgetc(f);
    fgetc(f);
    fflush(f);
    CHECK("fflush gives input back", read(fd, &c, 1) == 1 && c == 'c');
    fclose(f);
}

static void test_buffering(void) {
    struct stat st;
    FILE *f = fopen(path, "w");
    int fd;

    fputs("abc", f);
    stat(path, &st);
    CHECK("full buffering", st.st_size == 0);
    fflush(f);
    stat(path, &st);
    CHECK("fflush", st.st_size == 3);
    fclose(f);
    f = fopen(path, "w");
    setvbuf(f, NULL, _IOLBF, 0);
    fputs("abc\nde", f);
    fputc('f', f);
    stat(path, &st);
    CHECK("line buffering", st.st_size == 4 || st.st_size == 6);
    fputc('\n', f);
    stat(path, &st);
    CHECK("a line's end", st.st_size == 8);
    fclose(f);
    f = fopen(path, "w");
    setvbuf(f, NULL, _IONBF, 0);
    fprintf(f, "%d", 12);
    stat(path, &st);
    CHECK("no buffering", st.st_size == 2);
    fclose(f);
    fd = open(path, O_WRONLY | O_TRUNC);
    CHECK("dprintf", dprintf(fd, "%05d", 42) == 5 && fstat(fd, &st) == 0 && st.st_size == 5);
    close(fd);
}

int main(void) {
    FILE *temp = tmpfile();
    int fd = mkstemp(path);
    char *text;

    CHECK("mkstemp", fd >= 0);
    close(fd);
    CHECK("tmpfile", temp != NULL && fputs("x", temp) >= 0 && fclose(temp) == 0);
    CHECK("asprintf", asprintf(&text, "%d-%s", 7, "x") == 3 && strcmp(text, "7-x") == 0);
    free(text);
    test_write_read();
    test_blocks();
    test_getline();
    test_errors();
    test_shared_position();
    test_buffering();
    CHECK("unlink", unlink(path) == 0);
    return check_done();
}
