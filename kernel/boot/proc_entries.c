// Which facts are shown in /proc, and under what names.
#include <abi/errno.h>
#include <boot/proc_entries.h>
#include <fs/mount.h>
#include <mm/heap_debug.h>
#include <mm/replace.h>
#include <mm/show.h>
#include <mm/space.h>
#include <proc-fs/proc_fs.h>
#include <proc/proc.h>
#include <proc/show.h>

// For those that fill a buffer of a size that they are given: -ERANGE, or a full one, if it is too
// small. The first try is with a single frame: larger blocks may be missing.
static int fill_buffer(struct text *text, long (*fill)(char *buffer, size_t size)) {
    for (size_t room = TEXT_PIECE; text_reserve(text, room - 1); room *= 2) {
        size_t size = room - 1;
        long length = fill(text->bytes, size);
        if (length >= 0 && (size_t)length < size) {
            text->length = length;
            return 0;
        }
        if (length < 0 && length != -ERANGE)
            return length;
    }
    return -ENOMEM;
}

static long mounts_text(char *buffer, size_t size) { return mount_list_text(buffer, size, false); }
static long mountinfo_text(char *buffer, size_t size) { return mount_list_text(buffer, size, true); }
static int mounts(struct text *text) { return fill_buffer(text, mounts_text); }

// There is one name space: every process sees the same.
static int process_mounts(struct text *text, uint32_t pid, uint32_t tid) {
    (void)pid, (void)tid;
    return mounts(text);
}

static int process_mountinfo(struct text *text, uint32_t pid, uint32_t tid) {
    (void)pid, (void)tid;
    return fill_buffer(text, mountinfo_text);
}

static int policy(struct text *text) {
    for (unsigned i = 0; replace_policy_at(i); i++)
        text_printf(text, replace_policy_at(i) == replace_policy() ? "[%s] " : "%s ",
                    replace_policy_at(i)->name);
    text_printf(text, "\n");
    return 0;
}

static int policy_switch(struct text *text, uint32_t pid, uint32_t tid, const char *line) {
    (void)pid, (void)tid;
    int error = replace_choose(line);
    return error ? error : policy(text);
}

// --- of all processes: where pages are is for their owner and root ---

static bool may_see(uint32_t viewer, uint32_t pid) {
    uint32_t uid, gid;
    return viewer == 0 || (proc_owner(pid, &uid, &gid) && uid == viewer);
}

static int frames(struct text *text, uint32_t pid, uint32_t viewer, uint64_t *next) {
    (void)pid;
    return show_frames(text, next, may_see, viewer);
}

// A place to go on at: pid and page number.
#define PLACE_BITS 26
_Static_assert(USER_LIMIT <= 1ul << (PLACE_BITS + PAGE_SHIFT), "a user page's number fits");

static int swap_pages(struct text *text, uint32_t pid, uint32_t viewer, uint64_t *next) {
    uint32_t found = pid = *next >> PLACE_BITS;
    uint64_t va = (*next & ((1ul << PLACE_BITS) - 1)) << PAGE_SHIFT;
    while (!text_full(text) && (found = proc_exists_from(pid))) {
        struct space *space = may_see(viewer, found) ? proc_space_hold(found) : NULL;
        va = found == pid ? va : 0;
        // A child of vfork shows its parent's.
        if (space && space->pid == found)
            show_swapped(text, space, &va);
        if (space)
            space_put(space);
        pid = va ? found : found + 1;
    }
    *next = found ? (uint64_t)pid << PLACE_BITS | va >> PAGE_SHIFT : PROC_END;
    return 0;
}

// --- of a process ---

static int with_space(struct text *text, uint32_t pid, uint64_t *next,
                      int (*show)(struct text *text, struct space *space, uint64_t *next)) {
    struct space *space = proc_space_hold(pid);
    if (!space) {
        *next = PROC_END;
        return proc_exists(pid) ? 0 : -ESRCH;       // a zombie has no memory
    }
    int error = show(text, space, next);
    space_put(space);
    return error;
}

static int maps(struct text *text, uint32_t pid, uint32_t viewer, uint64_t *next) {
    return (void)viewer, with_space(text, pid, next, show_maps);
}

static int smaps(struct text *text, uint32_t pid, uint32_t viewer, uint64_t *next) {
    return (void)viewer, with_space(text, pid, next, show_smaps);
}

static int pagetable(struct text *text, uint32_t pid, uint32_t viewer, uint64_t *next) {
    return (void)viewer, with_space(text, pid, next, show_page_table);
}

// A number in hexadecimal, with or without 0x.
static bool number_parse(const char *text, uint64_t *out) {
    if (text[0] == '0' && (text[1] | 0x20) == 'x')
        text += 2;
    unsigned digits = 0;
    for (*out = 0; *text; text++, digits++) {
        char c = *text | 0x20;
        unsigned digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
        if (digit == 16 || digits == 16)
            return false;
        *out = *out << 4 | digit;
    }
    return digits > 0;
}

static int walk(struct text *text, uint32_t pid, uint32_t tid, const char *line) {
    (void)tid;
    uint64_t address;
    if (!number_parse(line, &address))
        return -EINVAL;
    struct space *space = proc_space_hold(pid);
    if (!space)
        return -ESRCH;
    int error = show_walk(text, space, address);
    space_put(space);
    return error;
}

// Of the debug build: see mm/heap_debug.h.
static int alloc_fails(struct text *text, uint32_t pid, uint32_t tid, const char *line) {
    (void)pid, (void)tid;
    uint64_t every;
    if (!number_parse(line, &every))
        return -EINVAL;
    uint32_t failed = DEBUG_HEAP ? heap_debug_fail((uint32_t)every) : 0;
    if (!every)
        text_printf(text, "%u\n", failed);
    return 0;
}

static const struct proc_entry entries[] = {
    { "alloc_fails", 0666, .tell = alloc_fails },       // the first is the debug build's
    { "meminfo", 0444, .fill = show_meminfo },  { "vmstat", 0444, .fill = show_vmstat },
    { "swaps", 0444, .fill = show_swaps },      { "mounts", 0444, .fill = mounts },
    { "heapinfo", 0444, .fill = show_heap },    { "buddyinfo", 0444, .fill = show_buddy },
    { "stat", 0444, .fill = show_stat },        { "interrupts", 0444, .fill = show_interrupts },
    { "loadavg", 0444, .fill = show_load },     { "uptime", 0444, .fill = show_uptime },
    { "cpuinfo", 0444, .fill = show_cpuinfo },  { "filesystems", 0444, .fill = show_filesystems },
    { "version", 0444, .fill = show_version },  { "diskstats", 0444, .fill = show_disks },
    { "frames", 0444, .piece = frames },        { "swap_pages", 0444, .piece = swap_pages },
    { "replace", 0644, .fill = policy, .tell = policy_switch },
    { "sched", 0644, .fill = show_sched, .tell = tell_sched },
    { "sched_trace", 0444, .piece = show_sched_trace },
};
static const struct proc_entry process_entries[] = {
    { "maps", 0400, .piece = maps },            { "smaps", 0400, .piece = smaps },
    { "pagetable", 0400, .piece = pagetable },  { "walk", 0600, .tell = walk },
    { "cmdline", 0444, .look = show_process_command_line },
    { "environ", 0400, .look = show_process_environment },
    { "limits", 0444, .look = show_process_limits },
    { "mounts", 0444, .look = process_mounts }, { "mountinfo", 0444, .look = process_mountinfo },
};
// Of processes and threads alike.
static const struct proc_entry thread_entries[] = {
    { "stat", 0444, .look = show_process_stat },
    { "statm", 0444, .look = show_process_statm },
    { "status", 0444, .look = show_process_status },
    { "comm", 0644, .look = show_process_name, .tell = set_process_name },
    { "wchan", 0444, .look = show_process_wait },
    { "sched", 0444, .look = show_process_sched },
};

void proc_entries_register(void) {
    proc_fs_register();
    for (unsigned i = !DEBUG_HEAP; i < sizeof entries / sizeof entries[0]; i++)
        proc_fs_add(&entries[i]);
    for (unsigned i = 0; i < sizeof process_entries / sizeof process_entries[0]; i++)
        proc_fs_add_for_process(&process_entries[i]);
    for (unsigned i = 0; i < sizeof thread_entries / sizeof thread_entries[0]; i++) {
        proc_fs_add_for_process(&thread_entries[i]);
        proc_fs_add_for_thread(&thread_entries[i]);
    }
}
