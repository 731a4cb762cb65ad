#include <abi/wait.h>
#include <debug/log.h>
#include <dev/test_device.h>
#include <fs/fs.h>
#include <proc/fault.h>
#include <proc/power.h>

void power_end(enum power what, int status) {
    fs_shutdown();
    log_info(what == POWER_OFF ? "Powering off." : "Restarting.");
    if (what == POWER_OFF)
        machine_exit(status);
    machine_reboot();
}

void power_init_exited(int status) {
    int code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) {
        code = 128 + WTERMSIG(status);
        log_error("init died of %s", signal_name(WTERMSIG(status)));
    } else {
        log_info("init has exited with status %d", code);
    }
    power_end(POWER_OFF, code);
}
