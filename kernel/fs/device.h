// Character devices: number -> operations. devfs shows each registered one as a node in /dev.
#ifndef FS_DEVICE_H
#define FS_DEVICE_H

#include <stdint.h>

struct file_ops;

#define DEVICE_NUMBER(major, minor) (((major) << 8) | (minor))

// Registers the device and makes /dev/NAME with `mode` appear. Boot only; `name` is kept.
void char_device_register(const char *name, uint32_t number, uint32_t mode,
                          const struct file_ops *ops);
const struct file_ops *char_device_find(uint32_t number);       // NULL: -ENXIO

#endif
