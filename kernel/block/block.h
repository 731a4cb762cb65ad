// Block devices: numbered 512-byte sectors, requests that complete by interrupt.
#ifndef BLOCK_BLOCK_H
#define BLOCK_BLOCK_H

#include <debug/panic.h>
#include <lib/list.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECTOR_SIZE 512
#define BLOCK_MAX_SEGMENTS 32

enum block_op { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH };

struct block_segment {
    void *data;                 // in the direct map, sector-aligned size
    uint32_t size;
};

// One transfer. Lives in the submitter's memory until `done` is called.
struct block_request {
    enum block_op op;
    uint64_t sector;
    unsigned segment_count;
    struct block_segment segments[BLOCK_MAX_SEGMENTS];
    int error;                                          // result, valid in `done`
    void (*done)(struct block_request *request);        // in interrupt context
    void *context;                                      // the submitter's own
    struct list node;                                   // the driver's queue
};

// What a device has done of one kind, and does now.
struct block_use {
    uint64_t requests, sectors; // done
    uint64_t time;              // ns that they have been with the device, those of now till `counted`
    unsigned in_flight;         // with the device
};

struct block_device {
    char name[8];               // "vda"
    uint32_t number;            // dev_t as stat shows it
    uint64_t sectors;
    bool read_only;
    // Queues the request; sleeps only while it must wait for a free slot if the driver does
    // not queue. Never fails: errors arrive in request->error.
    void (*submit)(struct block_device *device, struct block_request *request);
    void *driver;
    struct list node;

    // Guarded by the driver's lock; whoever only shows them reads them without.
    struct block_use use[BLOCK_FLUSH + 1];
    uint64_t busy_time;         // ns in which anything was in flight
    uint64_t counted;           // until when
};

void block_device_register(struct block_device *device);
struct block_device *block_device_find(const char *name);       // NULL if there is none
struct block_device *block_device_by_number(uint32_t number);
struct block_device *block_device_next(struct block_device *after);     // NULL: the first; the last

// The driver tells when it gives a request to the device and when the device has done it. Its lock is held.
void block_started(struct block_device *device, enum block_op op);
void block_ended(struct block_device *device, enum block_op op, uint64_t sectors);

uint64_t block_sectors(enum block_op op);       // done by all devices


void block_submit(struct block_device *device, struct block_request *request);

// Submits a request (op, sector and segments are set) and sleeps until it is done: 0, -EIO, -EROFS.
int must_check block_request_run(struct block_device *device, struct block_request *request);

// One buffer from or to the disk; sleeps until it is there: 0, -EIO, -EROFS.
int must_check block_transfer(struct block_device *device, enum block_op op, uint64_t sector,
                              void *data, size_t size);

// Makes completed writes stable: 0 or -EIO. Sleeps.
int must_check block_flush(struct block_device *device);

#endif
