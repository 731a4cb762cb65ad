/*
 * <stdio.h>: buffered streams and formatted text.
 */
#ifndef USER_STDIO_H
#define USER_STDIO_H

#include <abi/fcntl.h>
#include <abi/types.h>
#include <stdarg.h>
#include <stddef.h>

typedef struct stream FILE;

extern FILE *const stdin;
extern FILE *const stdout;
extern FILE *const stderr;

#define EOF          (-1)
#define BUFSIZ       4096
#define FILENAME_MAX 4096
#define L_tmpnam     20

/* setvbuf: write when the buffer is full, when a line ends, at once. */
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2

#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define SCANF_LIKE(fmt, first)  __attribute__((format(scanf, fmt, first)))

FILE *fopen(const char *path, const char *mode);
FILE *fdopen(int fd, const char *mode);
FILE *freopen(const char *path, const char *mode, FILE *f);
int fclose(FILE *f);
int fflush(FILE *f);
int fileno(FILE *f);
int setvbuf(FILE *f, char *buf, int mode, size_t size);
void setbuf(FILE *f, char *buf);
void setlinebuf(FILE *f);

size_t fread(void *buf, size_t size, size_t count, FILE *f);
size_t fwrite(const void *buf, size_t size, size_t count, FILE *f);
int fgetc(FILE *f);
int getc(FILE *f);
int getchar(void);
int ungetc(int c, FILE *f);
char *fgets(char *buf, int size, FILE *f);
ssize_t getline(char **line, size_t *size, FILE *f);
ssize_t getdelim(char **line, size_t *size, int delimiter, FILE *f);
int fputc(int c, FILE *f);
int putc(int c, FILE *f);
int putchar(int c);
int fputs(const char *s, FILE *f);
int puts(const char *s);

int feof(FILE *f);
int ferror(FILE *f);
void clearerr(FILE *f);
void perror(const char *what);

int fseek(FILE *f, long offset, int whence);
int fseeko(FILE *f, off_t offset, int whence);
long ftell(FILE *f);
off_t ftello(FILE *f);
void rewind(FILE *f);

int printf(const char *fmt, ...) PRINTF_LIKE(1, 2);
int fprintf(FILE *f, const char *fmt, ...) PRINTF_LIKE(2, 3);
int dprintf(int fd, const char *fmt, ...) PRINTF_LIKE(2, 3);
int sprintf(char *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);
int snprintf(char *buf, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);
int asprintf(char **out, const char *fmt, ...) PRINTF_LIKE(2, 3);
int vprintf(const char *fmt, va_list ap) PRINTF_LIKE(1, 0);
int vfprintf(FILE *f, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
int vdprintf(int fd, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
int vsprintf(char *buf, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap) PRINTF_LIKE(3, 0);
int vasprintf(char **out, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

int sscanf(const char *s, const char *fmt, ...) SCANF_LIKE(2, 3);
int vsscanf(const char *s, const char *fmt, va_list ap) SCANF_LIKE(2, 0);

int remove(const char *path);
int rename(const char *from, const char *to);
FILE *tmpfile(void);
FILE *popen(const char *command, const char *mode);
int pclose(FILE *f);

#endif
