// Text devices: /dev/mounts and its like. The text is made when the file is opened, so that a
// reader sees one state of things however slowly it reads.
#include <abi/errno.h>
#include <abi/stat.h>
#include <fs/devfs.h>
#include <fs/device.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <mm/heap.h>

#define TEXT_MAJOR 240              // from the range for local use
#define TEXT_FIRST_SIZE 4096
#define TEXT_MAX_SIZE (256 * 1024)

struct text_device {
    uint32_t number;
    long (*fill)(char *buffer, size_t size);
    struct list node;
};

struct text {
    long length;
    char bytes[];
};

static struct list devices = LIST_INIT(devices);    // written at boot only

static const struct text_device *find(uint32_t number) {
    const struct text_device *device;
    list_for_each(device, &devices, node) {
        if (device->number == number)
            return device;
    }
    return NULL;
}

// A text of up to `size` bytes: 0, or -errno.
static int make(const struct text_device *device, size_t size, struct text **out) {
    struct text *text = kmalloc(size);
    if (!text)
        return -ENOMEM;
    text->length = device->fill(text->bytes, size - sizeof(*text));
    if (text->length < 0) {
        int error = text->length;
        kfree(text);
        return error;
    }
    *out = text;
    return 0;
}

static int text_open(struct inode *inode, struct file *file) {
    const struct text_device *device = find(inode->device);
    struct text *text = NULL;
    if (!device)
        return -ENXIO;
    if (file_writable(file))
        return -EACCES;
    int error = -ERANGE;
    for (size_t size = TEXT_FIRST_SIZE; error == -ERANGE && size <= TEXT_MAX_SIZE; size *= 2)
        error = make(device, size, &text);
    file->private = text;
    return error;
}

static void text_release(struct file *file) { kfree(file->private); }

static long text_read(struct file *file, struct uio *uio, uint64_t *position) {
    const struct text *text = file->private;
    if (*position >= (uint64_t)text->length)
        return 0;
    size_t left = text->length - *position;
    long moved = uio_put(uio, text->bytes + *position, left < uio->left ? left : uio->left);
    if (moved > 0)
        *position += moved;
    return moved;
}

static int64_t text_seek(struct file *file, int64_t offset, int whence) {
    const struct text *text = file->private;
    return file_seek_within(file, offset, whence, text->length);
}

static const struct file_ops text_file_ops = {
    .open = text_open, .release = text_release, .read = text_read, .seek = text_seek,
};

void text_device_register(const char *name, long (*fill)(char *buffer, size_t size)) {
    static uint32_t next_minor;
    struct text_device *device = kmalloc(sizeof(*device));
    if (!device)
        panic("no memory for /dev/%s", name);
    device->number = DEVICE_NUMBER(TEXT_MAJOR, next_minor++);
    device->fill = fill;
    list_push_back(&devices, &device->node);
    char_device_register(name, device->number, 0444, &text_file_ops);
}
