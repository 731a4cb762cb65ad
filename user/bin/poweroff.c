/* poweroff: writes everything to the disk and turns the machine off. */
#include <sys/reboot.h>

#include "common/machine.h"

int main(int argc, char **argv) {
    return machine_end(argc, argv, RB_POWER_OFF);
}
