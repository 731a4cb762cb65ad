// Fifos: pipes with a name. The pipe exists while the inode is open.
#include <abi/errno.h>
#include <fs/inode.h>
#include <fs/pipe.h>

// The inode's pipe with one more end open, made if need be; NULL: no memory.
static struct pipe *fifo_join(struct inode *inode, const struct file *file) {
    mutex_lock(&inode->lock);
    if (!inode->pipe)
        inode->pipe = pipe_alloc();
    struct pipe *pipe = inode->pipe;
    if (pipe)
        pipe_open_end(pipe, file);
    mutex_unlock(&inode->lock);
    return pipe;
}

static void fifo_leave(struct inode *inode, const struct file *file) {
    mutex_lock(&inode->lock);
    if (pipe_close_end(inode->pipe, file)) {
        pipe_free(inode->pipe);
        inode->pipe = NULL;
    }
    mutex_unlock(&inode->lock);
}

// Waits for somebody at the other end: 0 or -EINTR. One that came and went again counts.
static int wait_peer(struct pipe *pipe, const struct file *file) {
    uint32_t *ever = file_readable(file) ? &pipe->writers_ever : &pipe->readers_ever;
    spin_lock(&pipe->lock);
    uint32_t now = file_readable(file) ? pipe->writers : pipe->readers, seen = *ever;
    int error = now > 0 ? 0 : wait_event_interruptible(&pipe->opened, *ever != seen, &pipe->lock);
    spin_unlock(&pipe->lock);
    return error;
}

// Without waiting: 0, or -ENXIO for a writer without readers. A reader that comes first is not told
// that there is no writer (see pipe_poll).
static int come_alone(struct pipe *pipe, struct file *file) {
    spin_lock(&pipe->lock);
    int error = file_writable(file) && pipe->readers == 0 ? -ENXIO : 0;
    if (pipe->writers == 0)
        file->position = pipe->writers_ever;
    spin_unlock(&pipe->lock);
    return error;
}

// As fifo(7): both ends wait for each other; without waiting, a reader comes alone, a writer only
// to readers; who wants both waits for nobody.
int fifo_open(struct inode *inode, struct file *file) {
    struct pipe *pipe = fifo_join(inode, file);
    if (!pipe)
        return -ENOMEM;
    file->private = pipe;
    int error = 0;
    if (!file_readable(file) || !file_writable(file))
        error = file->flags & O_NONBLOCK ? come_alone(pipe, file) : wait_peer(pipe, file);
    if (error)
        fifo_leave(inode, file);
    return error;
}

void fifo_release(struct file *file) { fifo_leave(file->inode, file); }
