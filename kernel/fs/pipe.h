// Pipes: a ring of bytes between processes.
#ifndef FS_PIPE_H
#define FS_PIPE_H

#include <abi/time.h>
#include <fs/file.h>
#include <mm/frame.h>
#include <sched/wait.h>

#define PIPE_PAGES 16
#define PIPE_SIZE (PIPE_PAGES * PAGE_SIZE)

struct pipe {
    struct spinlock lock;           // guards all of it
    uint64_t head, tail;            // bytes ever written and read; byte n lies at n % PIPE_SIZE
    char *pages[PIPE_PAGES];        // of a frame each, where bytes are, or will be next; others NULL
    uint32_t readers, writers;      // open ends
    uint32_t readers_ever, writers_ever;    // ends ever opened: what opening a fifo waits for
    struct wait_queue readable, writable, opened;
    uint32_t number;                // st_ino
    uint32_t uid, gid;
    struct timespec made;
};

// Two open files, the reading and the writing end, with O_NONBLOCK and the like in `flags`: 0 or
// -ENOMEM. May sleep.
int must_check pipe_create(uint32_t flags, struct file *ends[2]);

// The pipe of an open end, or NULL if the file is none.
struct pipe *pipe_of(const struct file *file);

// For pipe.c and fifo.c: a pipe of its own life, and its ends. pipe_close_end: was it the last one?
struct pipe *pipe_alloc(void);
void pipe_free(struct pipe *pipe);
void pipe_open_end(struct pipe *pipe, const struct file *file);
bool pipe_close_end(struct pipe *pipe, const struct file *file);
// `file`, just made, becomes another end of the pipe that `end` is one of.
void pipe_join(const struct file *end, struct file *file);
void pipe_release(struct file *file);
extern const struct file_ops pipe_file_ops;
int fifo_open(struct inode *inode, struct file *file);
void fifo_release(struct file *file);

#endif
