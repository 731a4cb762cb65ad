// OS @ boot: from the firmware's jump to the first process.
#include <boot/arguments.h>
#include <boot/harts.h>
#include <boot/memory.h>
#include <boot/platform.h>
#include <boot/proc_entries.h>
#include <abi/errno.h>
#include <debug/crash.h>
#include <debug/ktest.h>
#include <debug/log.h>
#include <debug/panic.h>
#include <block/block.h>
#include <boot/devices.h>
#include <dev/test_device.h>
#include <fs/devfs.h>
#include <fs/fs.h>
#include <fs/path.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <mm/kernel_map.h>
#include <mm/reclaim.h>
#include <mm/replace.h>
#include <mm/swap.h>
#include <mm/space.h>
#include <mm/stack.h>
#include <proc-fs/proc_fs.h>
#include <proc/futex.h>
#include <proc/futex_pi.h>
#include <proc/init.h>
#include <proc/magic_keys.h>
#include <proc/memory_killer.h>
#include <proc/power.h>
#include <proc/report.h>
#include <proc/signal.h>
#include <riscv/csr.h>
#include <riscv/sbi.h>
#include <sched/clock.h>
#include <sched/sched.h>
#include <sched/timer_hardware.h>
#include <tty/tty.h>

#define TREE_LIMIT (2ul << 20)

struct platform platform;

// No console but the firmware's, no devices: one line and the end.
static void __attribute__((noreturn)) boot_stop(const char *why) {
    log_error("boot: %s. Stopped.", why);
    sbi_system_reset(SBI_SHUTDOWN);
    for (;;)
        hart_wait();
}

static void choose_timer(void) {
    bool sstc = platform.sstc && !boot_arguments.timer_sbi;
    timer_hardware_set = sstc ? timer_hardware_sstc : timer_hardware_sbi;
    clock_init(platform.timebase_hz);
    (void)sched_quantum_ns_set((boot_arguments.quantum ? boot_arguments.quantum : 10) * 1000000ul);
    sched_preemption = !boot_arguments.cooperative;
    log_info("timer: %s, %lu Hz", sstc ? "Sstc" : "SBI", platform.timebase_hz);
}

static void decode_machine(uint64_t hart_id, uint64_t tree_phys) {
    const char *wrong = tree_phys < DIRECT_LIMIT - DIRECT_BASE - TREE_LIMIT
                            ? platform_decode(phys_to_virt(tree_phys), TREE_LIMIT, &platform)
                            : "the firmware gave no device tree";
    if (wrong)
        boot_stop(wrong);
    platform.tree.start = tree_phys;
    boot_arguments_decode(platform.boot_arguments);
    panic_exits = boot_arguments.panic_exit;
    panic_exit = machine_exit;
    if (boot_arguments.loglevel >= 0)
        log_level_set(boot_arguments.loglevel);
    uint32_t index;
    wrong = harts_number(hart_id, &index);
    if (wrong)
        boot_stop(wrong);
    current()->hart = index;
    choose_timer();
    harts_init_boot(index);
    log_info("Trapdoor: %u hart%s, boot hart id %lu", hart_count, hart_count == 1 ? "" : "s",
             hart_id);
}

static bool mount_disk(const char *name) {
    log_info("root: mounting %s (waits for the disk)", name);
    int error = mount_root(name, "ext2", boot_arguments.read_only);
    if (error)
        log_error("root: %s cannot be mounted: error %d", name, -error);
    return !error;
}

static bool mount_initrd(void) {
    if (!platform.initrd.size)
        return false;
    int error = fs_mount_initrd(phys_to_virt(platform.initrd.start), platform.initrd.size);
    if (error)
        log_error("root: the initrd cannot be used: error %d", -error);
    else
        log_info("root: initrd, %lu KiB", platform.initrd.size >> 10);
    return !error;
}

// root= says where; else an initrd if there is one, else the first disk.
static bool mount_something(void) {
    const char *root = boot_arguments.root;
    if (!strcmp(root, "initrd"))
        return mount_initrd();
    if (*root)
        return mount_disk(root);
    return mount_initrd() || mount_disk("vda");
}

static void choose_policy(void) {
    if (*boot_arguments.sched && sched_policy_choose(boot_arguments.sched))
        log_warning("boot: sched=%s: there is no such policy", boot_arguments.sched);
}

static void start_swapping(void) {
    if (*boot_arguments.replace && replace_choose(boot_arguments.replace))
        log_warning("boot: replace=%s: there is no such policy", boot_arguments.replace);
    if (!*boot_arguments.swap)
        return;
    log_info("swap: waiting for %s", boot_arguments.swap);
    struct block_device *device = block_device_find(boot_arguments.swap);
    int error = device ? swap_on(device) : -ENODEV;
    if (error)
        log_error("boot: swap=%s cannot be used: error %d", boot_arguments.swap, -error);
    else
        log_info("swap: %s, %lu KiB", boot_arguments.swap, swap_total() * PAGE_SIZE / 1024);
}

// The rest of booting may sleep, so it runs in a thread.
static void boot_thread_main(void *unused) {
    (void)unused;
    reclaim_start();
    fs_init();
    devices_init();
    tty_init();
    proc_entries_register();
    choose_policy();
    if (*boot_arguments.crash)
        crash_kernel(boot_arguments.crash);
    if (boot_arguments.ktest) {
        int failed = ktest_run_all();
        machine_exit(failed ? 1 : 0);
    }
    if (!mount_something()) {
        log_error("root: there is nothing to boot from (give a disk, or an initrd)");
        machine_exit(126);
    }
    fs_mount_devices();
    proc_fs_mount();
    fs_start_writeback();
    start_swapping();
    proc_start_init(boot_arguments.init);
}

static void memory_hooks(void) {
    sched_memory = (struct sched_memory){ thread_memory_alloc, thread_memory_free,
                                          space_activate, kmalloc, kfree };
}

void boot_main(uint64_t hart_id, uint64_t tree_phys);
void boot_main(uint64_t hart_id, uint64_t tree_phys) {
    current()->hart = UINT32_MAX - 1;       // nobody, until the tree has been read
    decode_machine(hart_id, tree_phys);
    const char *wrong = memory_init();
    if (wrong)
        boot_stop(wrong);
    memory_hooks();
    memory_register_killer(proc_kill_for_memory);
    proc_report_init();
    magic_keys_init();
    signal_init();
    futex_init();
    futex_pi_init();
    devices_init_early();
    harts_start();
    struct thread *thread = thread_create("boot", boot_thread_main, NULL);
    if (!thread)
        panic("no memory for the boot thread");
    thread_start(thread);
    hart_interrupts_enable();
    sched_idle();
}
