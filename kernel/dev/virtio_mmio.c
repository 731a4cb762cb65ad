#include <abi/errno.h>
#include <debug/log.h>
#include <dev/plic.h>
#include <dev/virtio_mmio.h>
#include <riscv/csr.h>
#include <riscv/layout.h>

// Registers (4.2.2; those that only version 1 has: 4.2.4).
enum {
    MAGIC = 0x000, VERSION = 0x004, DEVICE_ID = 0x008,
    DEVICE_FEATURES = 0x010, DEVICE_FEATURES_SELECT = 0x014,
    DRIVER_FEATURES = 0x020, DRIVER_FEATURES_SELECT = 0x024,
    LEGACY_PAGE_SIZE = 0x028,
    QUEUE_SELECT = 0x030, QUEUE_SIZE_MAX = 0x034, QUEUE_SIZE = 0x038,
    LEGACY_QUEUE_ALIGN = 0x03c, LEGACY_QUEUE_PFN = 0x040,
    QUEUE_READY = 0x044, QUEUE_NOTIFY = 0x050,
    INTERRUPT_STATUS = 0x060, INTERRUPT_ACKNOWLEDGE = 0x064, STATUS = 0x070,
    QUEUE_DESCRIPTORS = 0x080, QUEUE_AVAILABLE = 0x090, QUEUE_USED = 0x0a0,
    CONFIG_GENERATION = 0x0fc, CONFIG = 0x100,
};

enum { MAGIC_VALUE = 0x74726976 };      // "virt"

// Device status (2.1).
enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8, FAILED = 128 };

#define FEATURE_VERSION_1 (1ull << 32)

enum { INTERRUPT_USED = 1 };
enum { RESET_POLLS_MAX = 1000000 };

static uint32_t read_register(const struct virtio_device *device, unsigned offset) {
    uint32_t value = *(volatile uint32_t *)(device->base + offset);
    io_fence();
    return value;
}

static void write_register(struct virtio_device *device, unsigned offset, uint32_t value) {
    io_fence();
    *(volatile uint32_t *)(device->base + offset) = value;
}

bool virtio_find(struct virtio_device *device, volatile void *base, unsigned irq) {
    *device = (struct virtio_device){ .base = base, .irq = irq };
    if (read_register(device, MAGIC) != MAGIC_VALUE)
        return false;
    device->version = read_register(device, VERSION);
    device->type = read_register(device, DEVICE_ID);
    return device->type && (device->version == 1 || device->version == 2);
}

static void status_add(struct virtio_device *device, uint32_t bit) {
    write_register(device, STATUS, read_register(device, STATUS) | bit);
}

// Writes 0 to the status and waits until the device has done it (4.2.3.1.1).
static int device_reset(struct virtio_device *device) {
    write_register(device, STATUS, 0);
    for (unsigned polls = 0; polls < RESET_POLLS_MAX; polls++)
        if (!read_register(device, STATUS))
            return 0;
    log_error("virtio, irq %u: the device does not finish its reset", device->irq);
    return -EIO;
}

static uint64_t features_offered(struct virtio_device *device) {
    write_register(device, DEVICE_FEATURES_SELECT, 0);
    uint64_t offered = read_register(device, DEVICE_FEATURES);
    if (device->version == 1)
        return offered;
    write_register(device, DEVICE_FEATURES_SELECT, 1);
    return offered | (uint64_t)read_register(device, DEVICE_FEATURES) << 32;
}

static void features_accept(struct virtio_device *device, uint64_t features) {
    write_register(device, DRIVER_FEATURES_SELECT, 0);
    write_register(device, DRIVER_FEATURES, (uint32_t)features);
    if (device->version == 1)
        return;
    write_register(device, DRIVER_FEATURES_SELECT, 1);
    write_register(device, DRIVER_FEATURES, (uint32_t)(features >> 32));
}

// The order of steps is that of 3.1.1.
int virtio_negotiate(struct virtio_device *device, uint64_t wanted) {
    if (device_reset(device))
        return -EIO;
    status_add(device, ACKNOWLEDGE);
    status_add(device, DRIVER);
    device->features = features_offered(device) & (wanted | FEATURE_VERSION_1);
    features_accept(device, device->features);
    if (device->version == 1) {
        write_register(device, LEGACY_PAGE_SIZE, PAGE_SIZE);
        return 0;
    }
    if (device->features & FEATURE_VERSION_1) {
        status_add(device, FEATURES_OK);
        if (read_register(device, STATUS) & FEATURES_OK)
            return 0;
    }
    log_error("virtio, irq %u: the device and its driver do not agree", device->irq);
    status_add(device, FAILED);
    return -EIO;
}

static void write_address(struct virtio_device *device, unsigned offset, uint64_t phys) {
    write_register(device, offset, (uint32_t)phys);
    write_register(device, offset + 4, (uint32_t)(phys >> 32));
}

int virtio_queue_create(struct virtio_device *device, unsigned index, struct virtqueue *queue) {
    write_register(device, QUEUE_SELECT, index);
    uint32_t size_max = read_register(device, QUEUE_SIZE_MAX);
    if (!size_max)
        return -EIO;
    int error = virtqueue_create(queue, size_max);
    if (error)
        return error;
    write_register(device, QUEUE_SIZE, queue->size);
    if (device->version == 1) {
        write_register(device, LEGACY_QUEUE_ALIGN, PAGE_SIZE);
        write_register(device, LEGACY_QUEUE_PFN,
                       (uint32_t)(virtqueue_descriptors_phys(queue) >> PAGE_SHIFT));
        return 0;
    }
    write_address(device, QUEUE_DESCRIPTORS, virtqueue_descriptors_phys(queue));
    write_address(device, QUEUE_AVAILABLE, virtqueue_available_phys(queue));
    write_address(device, QUEUE_USED, virtqueue_used_phys(queue));
    write_register(device, QUEUE_READY, 1);
    return 0;
}

// Changes of the configuration are acknowledged and ignored: no driver here follows them.
static void virtio_interrupt(void *argument) {
    struct virtio_device *device = argument;
    uint32_t reasons = read_register(device, INTERRUPT_STATUS);
    write_register(device, INTERRUPT_ACKNOWLEDGE, reasons);
    if (reasons & INTERRUPT_USED)
        device->interrupt(device);
}

void virtio_start(struct virtio_device *device) {
    plic_register(device->irq, device->type == VIRTIO_BLOCK ? "virtio-blk" : "virtio-rng",
                  virtio_interrupt, device);
    status_add(device, DRIVER_OK);
}

void virtio_notify(struct virtio_device *device, unsigned index, const struct virtqueue *queue) {
    if (virtqueue_wants_notify(queue))
        write_register(device, QUEUE_NOTIFY, index);
}

void virtio_fail(struct virtio_device *device) { (void)device_reset(device); }

uint64_t virtio_config_read(struct virtio_device *device, unsigned offset, unsigned size) {
    uint32_t before, after;
    uint64_t value;
    do {
        before = device->version == 1 ? 0 : read_register(device, CONFIG_GENERATION);
        value = read_register(device, CONFIG + offset);
        if (size == 8)
            value |= (uint64_t)read_register(device, CONFIG + offset + 4) << 32;
        after = device->version == 1 ? 0 : read_register(device, CONFIG_GENERATION);
    } while (before != after);
    return value;
}
