/* halt: writes everything to the disk and stops the machine. */
#include <sys/reboot.h>

#include "common/machine.h"

int main(int argc, char **argv) {
    return machine_end(argc, argv, RB_HALT_SYSTEM);
}
