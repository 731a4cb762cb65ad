/* Ending the machine: reboot, poweroff and halt share it. */
#ifndef BIN_COMMON_MACHINE_H
#define BIN_COMMON_MACHINE_H

/*
 * The whole of such a command: no arguments are taken, everything is written to
 * the disk, then reboot(2) gets `command`. Returns an exit status when it fails.
 */
int machine_end(int argc, char **argv, int command);

#endif
