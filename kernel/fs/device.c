// Character devices: who answers for which number, and their nodes in devfs.
#include <abi/stat.h>
#include <debug/panic.h>
#include <fs/devfs.h>
#include <fs/device.h>
#include <lib/list.h>
#include <mm/heap.h>

struct char_device {
    uint32_t number;
    const struct file_ops *ops;
    struct list node;
};

static struct list devices = LIST_INIT(devices);    // written at boot only

void char_device_register(const char *name, uint32_t number, uint32_t mode,
                          const struct file_ops *ops) {
    struct char_device *device = kmalloc(sizeof(*device));
    if (!device)
        panic("no memory for /dev/%s", name);
    device->number = number;
    device->ops = ops;
    list_push_back(&devices, &device->node);
    devfs_add(name, S_IFCHR | mode, number);
}

const struct file_ops *char_device_find(uint32_t number) {
    struct char_device *device;
    list_for_each(device, &devices, node) {
        if (device->number == number)
            return device->ops;
    }
    return NULL;
}
