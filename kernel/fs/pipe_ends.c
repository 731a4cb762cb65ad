// Pipes: their life, which their ends give them.
#include <abi/errno.h>
#include <fs/cred.h>
#include <fs/inode.h>
#include <fs/pipe.h>
#include <mm/heap.h>
#include <sched/thread.h>

struct pipe *pipe_alloc(void) {
    static uint32_t next_number;
    const struct cred *cred = thread_current()->cred;
    struct pipe *pipe = kzalloc(sizeof(*pipe));
    if (!pipe)
        return NULL;
    spin_init(&pipe->lock, "pipe");
    wait_queue_init_guarded(&pipe->readable, "pipe: bytes", &pipe->lock);
    wait_queue_init_guarded(&pipe->writable, "pipe: room", &pipe->lock);
    wait_queue_init_guarded(&pipe->opened, "fifo: peer", &pipe->lock);
    pipe->number = __atomic_add_fetch(&next_number, 1, __ATOMIC_RELAXED);
    pipe->uid = cred ? cred->fsuid : 0;
    pipe->gid = cred ? cred->fsgid : 0;
    pipe->made = inode_time_now();
    return pipe;
}

void pipe_free(struct pipe *pipe) {
    for (unsigned i = 0; i < PIPE_PAGES; i++)
        if (pipe->pages[i])
            frame_put(frame_of_virt(pipe->pages[i]));
    kfree(pipe);
}

void pipe_open_end(struct pipe *pipe, const struct file *file) {
    spin_lock(&pipe->lock);
    pipe->readers += file_readable(file);
    pipe->readers_ever += file_readable(file);
    pipe->writers += file_writable(file);
    pipe->writers_ever += file_writable(file);
    wake_all(&pipe->opened);
    spin_unlock(&pipe->lock);
}

bool pipe_close_end(struct pipe *pipe, const struct file *file) {
    spin_lock(&pipe->lock);
    pipe->readers -= file_readable(file);
    pipe->writers -= file_writable(file);
    if (pipe->readers == 0)
        wake_all(&pipe->writable);
    if (pipe->writers == 0)
        wake_all(&pipe->readable);
    bool last = pipe->readers == 0 && pipe->writers == 0;
    spin_unlock(&pipe->lock);
    return last;
}

void pipe_release(struct file *file) {
    if (pipe_close_end(file->private, file))
        pipe_free(file->private);
}

struct pipe *pipe_of(const struct file *file) {
    return file->ops == &pipe_file_ops || file->ops == &fifo_file_ops ? file->private : NULL;
}

int pipe_create(uint32_t flags, struct file *ends[2]) {
    struct pipe *pipe = pipe_alloc();
    ends[0] = pipe ? file_create(NULL, &pipe_file_ops, O_RDONLY | flags) : NULL;
    ends[1] = ends[0] ? file_create(NULL, &pipe_file_ops, O_WRONLY | flags) : NULL;
    if (ends[1]) {
        for (int i = 0; i < 2; i++) {
            ends[i]->private = pipe;
            pipe_open_end(pipe, ends[i]);
        }
        return 0;
    }
    if (ends[0])
        kfree(ends[0]);                 // it has no pipe to let go of
    if (pipe)
        pipe_free(pipe);
    return -ENOMEM;
}

void pipe_join(const struct file *end, struct file *file) {
    assert(end->ops == &pipe_file_ops); // a fifo has a name, and is opened by it
    file_set_ops(file, &pipe_file_ops);
    file->private = end->private;
    pipe_open_end(end->private, file);
}
