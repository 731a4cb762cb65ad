// Fifos: pipes with a name. The pipe exists while the inode is open.
#include <abi/errno.h>
#include <fs/inode.h>
#include <fs/pipe.h>

// The inode's pipe with one more end open, made if need be; NULL: no memory. *gone is how many ends of the
// other kind had been closed before: as soon as this one is open, those who wait for it may go, too.
static struct pipe *fifo_join(struct inode *inode, const struct file *file, uint32_t *gone) {
    mutex_lock(&inode->lock);
    if (!inode->pipe)
        inode->pipe = pipe_alloc();
    struct pipe *pipe = inode->pipe;
    if (pipe) {
        *gone = file_readable(file) ? pipe->writers_ever - pipe->writers
                                    : pipe->readers_ever - pipe->readers;
        pipe_open_end(pipe, file);
    }
    mutex_unlock(&inode->lock);
    return pipe;
}

// With the inode's lock.
static void fifo_leave(struct inode *inode, const struct file *file) {
    if (pipe_close_end(inode->pipe, file)) {
        pipe_free(inode->pipe);
        inode->pipe = NULL;
    }
}

void fifo_release(struct file *file) {
    mutex_lock(&file->inode->lock);
    fifo_leave(file->inode, file);
    mutex_unlock(&file->inode->lock);
}

// Did somebody open the other end besides those who were gone?
static bool peer_came(const struct pipe *pipe, const struct file *file, uint32_t gone) {
    return (file_readable(file) ? pipe->writers_ever : pipe->readers_ever) != gone;
}

// 0 or -EINTR.
static int wait_peer(struct pipe *pipe, const struct file *file, uint32_t gone) {
    spin_lock(&pipe->lock);
    int error = wait_event_interruptible(&pipe->opened, peer_came(pipe, file, gone), &pipe->lock);
    spin_unlock(&pipe->lock);
    return error;
}

// Without waiting: 0, or -ENXIO for a writer without readers. A reader that comes first is not told
// that there is no writer (see pipe_poll), but that one has gone who came since.
static int come_alone(struct pipe *pipe, struct file *file, uint32_t gone) {
    spin_lock(&pipe->lock);
    int error = file_writable(file) && !peer_came(pipe, file, gone) ? -ENXIO : 0;
    spin_unlock(&pipe->lock);
    file->position = gone;
    return error;
}

// As fifo(7): both ends wait for each other; without waiting, a reader comes alone, a writer only
// to readers; who wants both waits for nobody.
int fifo_open(struct inode *inode, struct file *file) {
    uint32_t gone = 0;
    struct pipe *pipe = fifo_join(inode, file, &gone);
    if (!pipe)
        return -ENOMEM;
    file->private = pipe;
    int error = 0;
    if (!file_readable(file) || !file_writable(file))
        error = file->flags & O_NONBLOCK ? come_alone(pipe, file, gone) : wait_peer(pipe, file, gone);
    if (!error)
        return 0;
    // Nobody comes from here on; but who came meanwhile takes this end for open, and may not come again.
    mutex_lock(&inode->lock);
    if (peer_came(pipe, file, gone))
        error = 0;
    else
        fifo_leave(inode, file);
    mutex_unlock(&inode->lock);
    return error;
}
