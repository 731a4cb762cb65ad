// /proc about the machine and what the kernel is: cpuinfo, interrupts, disks, version, filesystems.
#include <block/block.h>
#include <boot/platform.h>
#include <boot/proc_entries.h>
#include <dev/plic.h>
#include <fs/inode.h>
#include <riscv/csr.h>
#include <sched/hart.h>
#include <syscall/syscall.h>

int show_cpuinfo(struct text *text) {
    for (uint32_t i = 0; i < hart_count; i++)
        text_printf(text,
                    "processor\t: %u\nhart\t\t: %lu\nisa\t\t: rv64imafdc%s\nmmu\t\t: sv39\n\n", i,
                    harts[i].id, platform.sstc ? "_sstc" : "");
    return 0;
}

// A line for each source that has a handler, with a column for each hart; then what harts tell
// themselves (the timer) and each other.
int show_interrupts(struct text *text) {
    const char *name;
    text_printf(text, "          ");
    for (uint32_t i = 0; i < hart_count; i++)
        text_printf(text, " CPU%-7u", i);
    for (unsigned source = 1; source <= plic_sources(); source++) {
        if (!(name = plic_source_name(source)))
            continue;
        text_printf(text, "\n%4u:", source);
        for (uint32_t i = 0; i < hart_count; i++)
            text_printf(text, " %10lu", plic_count(source, i));
        text_printf(text, "  RISC-V PLIC %3u Level     %s", source, name);
    }
    static const struct { const char *label, *name; enum interrupt_code code; } own[] = {
        { " TIM", "Timer interrupts", IRQ_TIMER }, { "IPI0", "Software interrupts", IRQ_SOFTWARE },
    };
    for (unsigned row = 0; row < 2; row++) {
        text_printf(text, "\n%s:", own[row].label);
        for (uint32_t i = 0; i < hart_count; i++)
            text_printf(text, " %10lu", harts[i].interrupts[own[row].code]);
        text_printf(text, "  %s", own[row].name);
    }
    text_printf(text, "\n");
    return 0;
}

// Nothing is merged here, so that column is 0. The last column by the one before it is how many requests
// were in flight on average while there were any.
int show_disks(struct text *text) {
    enum { NS_PER_MS = 1000000 };
    for (struct block_device *device = NULL; (device = block_device_next(device));) {
        const struct block_use *use = device->use;
        text_printf(text, "%4u %7u %s", device->number >> 8, device->number & 0xff, device->name);
        for (enum block_op op = BLOCK_READ; op <= BLOCK_WRITE; op++)
            text_printf(text, " %lu 0 %lu %lu", use[op].requests, use[op].sectors,
                        use[op].time / NS_PER_MS);
        text_printf(text, " %u %lu %lu\n", use[0].in_flight + use[1].in_flight + use[2].in_flight,
                    device->busy_time / NS_PER_MS,
                    (use[0].time + use[1].time + use[2].time) / NS_PER_MS);
    }
    return 0;
}

int show_version(struct text *text) {
    struct utsname name = system_name_get();
    text_printf(text, "%s version %s (%s) %s\n", name.sysname, name.release, __VERSION__,
                name.version);
    return 0;
}

int show_filesystems(struct text *text) {
    const struct file_system *type = NULL;
    while ((type = file_system_next(type)))
        text_printf(text, "%s\t%s\n", type->needs_device ? "" : "nodev", type->name);
    return 0;
}
