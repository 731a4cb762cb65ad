// Mounts as text: /proc/mounts and mountinfo.
#include <abi/errno.h>
#include <abi/limits.h>
#include <abi/mount.h>
#include <abi/stat.h>
#include <fs/mount.h>
#include <lib/format.h>
#include <mm/heap.h>

#define NAME_ROOM PATH_MAX  // a longer one could not be unmounted

struct page {
    char *bytes;
    size_t size, used;          // used == size: there was no room
};

static void append_char(struct page *page, char c) {
    if (page->used < page->size)
        page->bytes[page->used++] = c;
}

static void append(struct page *page, const char *text) {
    for (; *text; text++)
        append_char(page, *text);
}

// A blank separates fields, and is written \040 within one.
static void append_field(struct page *page, const char *text) {
    for (; *text; text++) {
        char code[5] = { *text };
        if (*text == ' ' || *text == '\t' || *text == '\n' || *text == '\\')
            snprintf(code, sizeof code, "\\%03o", *text);
        append(page, code);
    }
    append_char(page, ' ');
}

static void append_options(struct page *page, const struct mount *mount) {
    static const struct {
        unsigned long flag;
        const char *text;
    } options[] = {
        { MS_NOSUID, ",nosuid" }, { MS_NODEV, ",nodev" }, { MS_NOEXEC, ",noexec" },
        { MS_NOATIME, ",noatime" }, { MS_NODIRATIME, ",nodiratime" }, { MS_RELATIME, ",relatime" },
    };
    append(page, mount->super->read_only || mount_flags(mount) & MS_RDONLY ? "ro" : "rw");
    for (unsigned i = 0; i < sizeof options / sizeof options[0]; i++)
        if (mount_flags(mount) & options[i].flag)
            append(page, options[i].text);
    append_char(page, ' ');
}

static void append_mount(struct page *page, const struct mount *mount, const char *target) {
    append_field(page, mount->source);
    append_field(page, target);
    append_field(page, mount->super->type->name);
    append_options(page, mount);
    append(page, "0 0\n");
}

// Nothing but the root of a file system can be mounted, and no mount is another's peer.
static void append_info(struct page *page, const struct mount *mount, const char *target) {
    char numbers[48];
    uint32_t device = mount->super->device_number;
    snprintf(numbers, sizeof numbers, "%u %u %u:%u / ", mount->id,
             mount->parent ? mount->parent->id : mount->id, major(device), minor(device));
    append(page, numbers);
    append_field(page, target);
    append_options(page, mount);
    append(page, "- ");
    append_field(page, mount->super->type->name);
    append_field(page, mount->source);
    append(page, mount->super->read_only ? "ro\n" : "rw\n");
}

long mount_list_text(char *buffer, size_t size, bool info) {
    struct page page = { buffer, size, 0 };
    struct mount *mount;
    char *target = kmalloc(NAME_ROOM);
    if (!target)
        return -ENOMEM;
    spin_lock(&dentry_lock);
    struct path root = { mount_at_root, mount_at_root->root };
    list_for_each(mount, &mount_list, node) {
        struct path place = { mount, mount->root };
        if (path_name_locked(place, &root, target, NAME_ROOM) > 0)
            (info ? append_info : append_mount)(&page, mount, target);
    }
    spin_unlock(&dentry_lock);
    kfree(target);
    return page.used < size ? (long)page.used : -ERANGE;
}
