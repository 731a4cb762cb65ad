/*
 * The same references to real pages. The process locks all its other memory and limits itself to
 * the pages that it has and FRAMES more (RLIMIT_RSS): from then on the kernel evicts one of its
 * pages, by the policy in force, for each one that comes in when the frames are full.
 */
#include "paging.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "../common/cmd.h"

#define PAGE 4096ul
#define POLICY_FILE "/proc/replace"

struct measured {
    long minor, major;          /* faults */
    bool right;                 /* each page was found as it was left */
};

static volatile sig_atomic_t stopped;

static void stop(int signal) { stopped = signal; }

/* --- the kernel's policies --- */

static struct {
    int fd;
    bool may_choose;
    char names[256];            /* all of them */
    char active[32];            /* the one to put back */
} kernel;

/* The file says "fifo [clock] lru". */
static void kernel_open(void) {
    char *text = kernel.names;
    kernel.fd = open(POLICY_FILE, O_RDWR);
    kernel.may_choose = kernel.fd >= 0;
    if (!kernel.may_choose && errno == EACCES)
        kernel.fd = open(POLICY_FILE, O_RDONLY);
    ssize_t length = kernel.fd < 0 ? -1 : read(kernel.fd, text, sizeof(kernel.names) - 1);
    if (length < 0)
        cmd_die_errno(POLICY_FILE);
    text[length] = '\0';
    char *open = strchr(text, '['), *shut = strchr(text, ']');
    if (!open || !shut || shut < open)
        cmd_die("%s does not say which policy is in force", POLICY_FILE);
    snprintf(kernel.active, sizeof(kernel.active), "%.*s", (int)(shut - open - 1), open + 1);
    *open = *shut = ' ';
}

static void kernel_choose(const char *name) {
    if (write(kernel.fd, name, strlen(name)) < 0)
        cmd_die_errno("switching to %s", name);
}

/* --- measuring --- */

/* Pages of this process in memory. Allocates nothing, so that the answer stays true. */
static size_t resident_pages(void) {
    static char text[16384];
    size_t length = 0, kib = 0;
    ssize_t n;
    int fd = open("/proc/self/smaps", O_RDONLY);
    while (fd >= 0 && (n = read(fd, text + length, sizeof(text) - 1 - length)) > 0)
        length += n;
    close(fd);
    for (const char *at = text; (at = strstr(at, "\nRss:")); at++)
        kib += strtoul(at + strlen("\nRss:"), NULL, 10);
    if (!kib)
        cmd_die("/proc/self/smaps does not say what is resident");
    return kib * 1024 / PAGE;
}

/* Lets the process have so many pages in memory; returns what it might have before. */
static rlim_t limit_set(rlim_t bytes) {
    struct rlimit limit;
    getrlimit(RLIMIT_RSS, &limit);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = bytes;
    if (setrlimit(RLIMIT_RSS, &limit) < 0)
        cmd_die_errno("limit on resident pages");
    return before;
}

/*
 * The first reference to a page writes it; the others read, and see whether it came back from the
 * disk as it went. Each faults once at most: to read and then write a page from the disk takes two.
 */
static void references_make(const struct string *string, char *at, bool *written,
                            struct measured *out) {
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    for (size_t i = 0; i < string->length && !stopped; i++) {
        size_t page = string->references[i].page;
        volatile size_t *word = (volatile size_t *)(at + page * PAGE);
        if (!written[page])
            *word = page + 1;
        else if (*word != page + 1)
            out->right = false;
        written[page] = true;
    }
    getrusage(RUSAGE_SELF, &after);
    out->minor = after.ru_minflt - before.ru_minflt;
    out->major = after.ru_majflt - before.ru_majflt;
}

static struct measured measure(const struct string *string, size_t frames) {
    struct measured out = { .right = true };
    size_t size = string->pages * PAGE;
    bool *written = cmd_alloc(string->pages * sizeof(*written));
    memset(written, 0, string->pages * sizeof(*written));
    if (mlockall(MCL_CURRENT) < 0)
        cmd_die_errno("locking the rest of the process in memory");
    char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        cmd_die_errno("%lu pages", string->pages);
    rlim_t before = limit_set((resident_pages() + frames) * PAGE);
    references_make(string, at, written, &out);
    limit_set(before);
    munmap(at, size);
    munlockall();
    free(written);
    return out;
}

/* --- what comes of it --- */

static const struct policy *policy_of_kernel(const char *name) {
    for (size_t i = 0; i < policy_count; i++)
        if (policies[i].kernel_name && strcmp(policies[i].kernel_name, name) == 0)
            return &policies[i];
    return NULL;
}

static void row_print(const struct string *string, size_t frames, const char *name) {
    const struct policy *policy = policy_of_kernel(name);
    struct measured measured = measure(string, frames);
    if (stopped)            /* the counts are of a part */
        return;
    printf("%-10s", policy ? policy->name : name);
    if (policy)
        printf("%10lu", faults_count(string, policy, frames));
    else
        printf("%10s", "-");
    printf("%10ld%10ld%10ld\n", measured.minor + measured.major, measured.minor, measured.major);
    fflush(stdout);
    if (!measured.right)
        cmd_warn("a page did not come back as it went");
}

static void swap_require(const struct string *string) {
    struct sysinfo info;
    sysinfo(&info);
    if (!info.totalswap)
        cmd_die("no page can leave memory without a swap disk: see swapon");
    if (info.freeswap / PAGE < string->pages)
        cmd_die("the swap disk has room for %lu pages; the string has %lu", info.freeswap / PAGE,
                string->pages);
}

static void explanation_print(void) {
    puts("\n"
         "minor: filled with zeros, or read ahead from the swap disk with a neighbour;\n"
         "major: the disk had to be read.\n"
         "FIFO  knows when each page was brought in: as in the book.\n"
         "Clock goes round the frames of the machine in the order of their addresses, from\n"
         "      where the hand stands; the book's goes round in the order of loading.\n"
         "LRU   sees the accessed bits alone, and looks at them when a page must go: of the\n"
         "      pages used since the last fault it takes the one that was loaded first.\n"
         "OPT   must know the future; the kernel does not.");
}

void live_run(const struct string *string, size_t frames) {
    swap_require(string);
    kernel_open();
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    signal(SIGHUP, stop);
    puts("\nOn live pages, by the kernel's own policies and counters:\n");
    printf("%-10s%10s%10s%10s%10s\n", "policy", "simulated", "measured", "minor", "major");
    for (char *name = strtok(kernel.names, " \n"); name && !stopped; name = strtok(NULL, " \n")) {
        if (kernel.may_choose)
            kernel_choose(name);
        if (kernel.may_choose || strcmp(name, kernel.active) == 0)
            row_print(string, frames, name);
    }
    if (kernel.may_choose)
        kernel_choose(kernel.active);
    if (stopped) {
        signal(stopped, SIG_DFL);
        raise(stopped);
    }
    explanation_print();
    if (!kernel.may_choose)
        puts("Only root may switch policies: this was the one in force.");
}
