/* A set of files by identity: a hash table that doubles when it is full. */
#include "links.h"

#include <stdlib.h>
#include <string.h>

#include "cmd.h"

struct link_entry {
    struct link_entry *next;
    dev_t device;
    ino_t inode;
    char *path;
};

static struct link_entry **bucket_of(const struct link_set *set, dev_t device, ino_t inode) {
    unsigned long hash = (unsigned long)inode * 0x9e3779b97f4a7c15ul ^ (unsigned long)device;
    return &set->buckets[(hash >> 32 ^ hash) & (set->bucket_count - 1)];
}

static void link_set_grow(struct link_set *set) {
    struct link_set old = *set;
    set->bucket_count = old.bucket_count ? old.bucket_count * 2 : 64;
    size_t size = set->bucket_count * sizeof(*set->buckets);
    set->buckets = memset(cmd_alloc(size), 0, size);
    for (unsigned long i = 0; i < old.bucket_count; i++) {
        struct link_entry *entry = old.buckets[i];
        while (entry) {
            struct link_entry *next = entry->next;
            struct link_entry **bucket = bucket_of(set, entry->device, entry->inode);
            entry->next = *bucket;
            *bucket = entry;
            entry = next;
        }
    }
    free(old.buckets);
}

const char *link_set_find_or_add(struct link_set *set, const struct stat *st, const char *path) {
    if (set->count >= set->bucket_count)
        link_set_grow(set);
    struct link_entry **bucket = bucket_of(set, st->st_dev, st->st_ino);
    for (struct link_entry *entry = *bucket; entry; entry = entry->next) {
        if (entry->device == st->st_dev && entry->inode == st->st_ino)
            return entry->path;
    }
    struct link_entry *entry = cmd_alloc(sizeof(*entry));
    *entry = (struct link_entry){ *bucket, st->st_dev, st->st_ino, cmd_strdup(path) };
    *bucket = entry;
    set->count++;
    return NULL;
}
