#include <boot/platform.h>
#include <debug/log.h>
#include <debug/panic.h>
#include <boot/devices.h>
#include <dev/plic.h>
#include <dev/random.h>
#include <dev/rtc.h>
#include <dev/test_device.h>
#include <dev/uart.h>
#include <dev/virtio_mmio.h>
#include <mm/device_map.h>
#include <mm/heap.h>
#include <stddef.h>

// The window of a device without which the machine is of no use.
static void *window_map(struct platform_range range, const char *what) {
    void *window = device_map(range.start, range.size);
    if (!window)
        panic("cannot map the %s at 0x%lx", what, range.start);
    return window;
}

// Of the PLIC's window, megabytes of which belong to harts that are not there, only the
// part that is used.
static void interrupts_init(void) {
    struct platform_range range = platform.plic.range;
    range.size = plic_window_size(platform.plic.context_of_hart, platform.hart_count);
    plic_init(window_map(range, "PLIC"), platform.plic.sources, platform.plic.context_of_hart,
              platform.hart_count);
    plic_init_hart();
}

static void console_init(void) {
    struct uart_config config = {
        .base = window_map(platform.uart.range, "UART"),
        .reg_shift = platform.uart.reg_shift,
        .irq = platform.uart.irq,
    };
    uart_init(&config);
    log_info("console: 16550 at 0x%lx, irq %u", platform.uart.range.start, platform.uart.irq);
}

static void random_init(void) {
    if (platform.random_seed_size)
        random_add_entropy(platform.random_seed, platform.random_seed_size);
    else
        log_warning("random: the device tree brought no seed");
}

static void virtio_init(struct platform_range range, unsigned irq) {
    struct virtio_device found, *device;
    void *base = device_map(range.start, range.size);
    if (!base || !virtio_find(&found, base, irq))
        return;
    int error = -1;
    device = kmalloc(sizeof *device);
    if (device) {
        *device = found;
        log_debug("virtio: starting type %u, irq %u", device->type, irq);
        if (device->type == VIRTIO_BLOCK)
            error = virtio_blk_init(device);
        else if (device->type == VIRTIO_ENTROPY)
            error = virtio_rng_init(device);
    }
    if (error) {
        log_warning("virtio: no driver took type %u, irq %u", found.type, irq);
        kfree(device);
    }
}

void devices_init_early(void) {
    interrupts_init();
    console_init();
    if (platform.test.size)
        test_device_init(window_map(platform.test, "test finisher"));
    random_init();
}

void devices_init(void) {
    if (platform.rtc.size)
        rtc_init(window_map(platform.rtc, "clock"));
    for (unsigned i = 0; i < platform.virtio_count; i++)
        virtio_init(platform.virtio[i].range, platform.virtio[i].irq);
}
