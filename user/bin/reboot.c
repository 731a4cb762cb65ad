/* reboot: writes everything to the disk and starts the machine again. */
#include <sys/reboot.h>

#include "common/machine.h"

int main(int argc, char **argv) {
    return machine_end(argc, argv, RB_AUTOBOOT);
}
