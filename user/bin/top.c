/*
 * top [-b] [-n TIMES] [-d SECONDS]: what the harts and the processes are doing, again and again until
 * q is pressed. -b prints without a terminal.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"
#include "common/process.h"
#include "common/slurp.h"
#include "common/users.h"

#define USAGE "[-b] [-n TIMES] [-d SECONDS]"
#define HARTS_MAX 64

/* Hundredths of seconds that a hart has spent: user, nice, system, idle. */
struct times {
    unsigned long long of[4];
};

struct moment {
    struct process *processes;
    size_t count;
    struct times harts[HARTS_MAX];
    int hart_count;
    double uptime;
};

static bool batch;
static struct termios usual;

static void harts_read(struct moment *moment) {
    char *text = file_slurp_require("/proc/stat"), name[16];
    for (moment->hart_count = 0; moment->hart_count < HARTS_MAX; moment->hart_count++) {
        unsigned long long *t = moment->harts[moment->hart_count].of;
        snprintf(name, sizeof(name), "\ncpu%d ", moment->hart_count);
        char *row = strstr(text, name);
        if (row == NULL ||
            sscanf(row + strlen(name), "%llu %llu %llu %llu", &t[0], &t[1], &t[2], &t[3]) < 4)
            break;
    }
    free(text);
}

static struct moment moment_read(void) {
    struct moment moment;
    char *text = file_slurp_require("/proc/uptime");
    moment.uptime = strtod(text, NULL);
    free(text);
    harts_read(&moment);
    moment.processes = processes_read(&moment.count, false);
    return moment;
}

/* --- the upper part --- */

static int lines_left;          /* on the screen */

static void line_end(void) {
    fputs(batch ? "\n" : "\033[K\r\n", stdout);
    lines_left--;
}

static void summary_print(const struct moment *now) {
    static const char *const names[] = {
        "new", "ready", "running", "waiting", "stopped", "zombie"
    };
    char clock[16], load[3][16] = { "", "", "" }, *text = file_slurp_require("/proc/loadavg");
    time_t t = time(NULL);
    unsigned long up = now->uptime;
    strftime(clock, sizeof(clock), "%H:%M:%S", gmtime(&t));
    sscanf(text, "%15s %15s %15s", load[0], load[1], load[2]);
    free(text);
    printf("top - %s up %lu:%02lu:%02lu, load average: %s, %s, %s", clock, up / 3600, up / 60 % 60,
           up % 60, load[0], load[1], load[2]);
    line_end();
    printf("Tasks: %zu total", now->count);
    for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
        int of_state = 0;
        for (size_t i = 0; i < now->count; i++)
            of_state += strcmp(now->processes[i].state_name, names[n]) == 0;
        printf(", %d %s", of_state, names[n]);
    }
    line_end();
}

static void harts_print(const struct moment *before, const struct moment *now) {
    static const char *const names[] = { "us", "ni", "sy", "id" };
    static const int order[] = { 0, 2, 1, 3 };
    for (int hart = 0; hart < now->hart_count; hart++) {
        unsigned long long spent[4], all = 0;
        for (int i = 0; i < 4; i++) {
            spent[i] = now->harts[hart].of[i] - before->harts[hart].of[i];
            all += spent[i];
        }
        printf("%%Cpu%-2d:", hart);
        for (int i = 0; i < 4; i++) {
            unsigned long long mille = all ? spent[order[i]] * 1000 / all : 0;
            printf(" %3llu.%llu %s%s", mille / 10, mille % 10, names[order[i]], i < 3 ? "," : "");
        }
        line_end();
    }
}

static void memory_print(void) {
    char *text = file_slurp_require("/proc/meminfo");
    long long total = text_number(text, "MemTotal"), available = text_number(text, "MemFree"),
              cached = text_number(text, "Buffers") + text_number(text, "Cached"),
              swap = text_number(text, "SwapTotal"), swap_free = text_number(text, "SwapFree");
    free(text);
    printf("KiB Mem : %lld total, %lld free, %lld used, %lld buff/cache", total, available,
           total - available - cached, cached);
    line_end();
    printf("KiB Swap: %lld total, %lld free, %lld used", swap, swap_free, swap - swap_free);
    line_end();
    line_end();
}

/* --- the processes --- */

struct row {
    const struct process *process;
    unsigned long long spent;   /* hundredths since the last time */
};

static unsigned long long spent_before(const struct moment *before, const struct process *p) {
    for (size_t i = 0; i < before->count; i++)
        if (before->processes[i].pid == p->pid && before->processes[i].start == p->start)
            return before->processes[i].user + before->processes[i].system;
    return 0;
}

static int compare(const void *a, const void *b) {
    const struct row *left = a, *right = b;
    if (left->spent != right->spent)
        return left->spent < right->spent ? 1 : -1;
    return left->process->pid - right->process->pid;
}

static void row_print(const struct row *row, double seconds) {
    const struct process *p = row->process;
    unsigned long long used = p->user + p->system;
    int width = batch ? 200 : 80;
    char line[256];
    snprintf(line, sizeof(line),
             "%5d %-8s %3ld %3ld %7llu %6llu %c %5.1f %4llu:%02llu.%02llu %-14s %s", p->pid,
             user_name(p->uid), p->priority, p->nice, p->size, p->resident, p->state,
             seconds > 0 ? (double)row->spent / seconds : 0, used / 6000, used / 100 % 60,
             used % 100, p->waits_for, p->name);
    printf("%.*s", width, line);
    line_end();
}

static void processes_print(const struct moment *before, const struct moment *now) {
    struct row *rows = cmd_alloc((now->count + 1) * sizeof(*rows));
    for (size_t i = 0; i < now->count; i++) {
        const struct process *p = &now->processes[i];
        rows[i] = (struct row){ p, p->user + p->system - spent_before(before, p) };
    }
    qsort(rows, now->count, sizeof(*rows), compare);
    printf(batch ? "%s" : "\033[7m%s\033[0m",
           "  PID USER      PR  NI    VIRT    RES S  %CPU     TIME+ WAITS-FOR      COMMAND");
    line_end();
    for (size_t i = 0; i < now->count && (batch || lines_left > 1); i++)
        row_print(&rows[i], now->uptime - before->uptime);
    free(rows);
}

static void moment_print(const struct moment *before, const struct moment *now) {
    struct winsize window = { .ws_row = 24 };
    if (!batch)
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &window);
    lines_left = window.ws_row ? window.ws_row : 24;
    if (!batch)
        fputs("\033[H", stdout);
    summary_print(now);
    harts_print(before, now);
    memory_print();
    processes_print(before, now);
    fputs(batch ? "\n" : "\033[J", stdout);
    fflush(stdout);
}

/* --- the terminal --- */

static void terminal_restore(void) { tcsetattr(STDIN_FILENO, TCSANOW, &usual); }

static void end_by_signal(int number) {
    terminal_restore();
    signal(number, SIG_DFL);
    raise(number);
}

/* Keys come one by one and unseen. Without a terminal it goes on as with -b. */
static void terminal_set(void) {
    if (batch || tcgetattr(STDIN_FILENO, &usual) < 0) {
        batch = true;
        return;
    }
    struct termios keys = usual;
    keys.c_lflag &= ~(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &keys);
    atexit(terminal_restore);
    signal(SIGINT, end_by_signal);
    signal(SIGTERM, end_by_signal);
    fputs("\033[2J", stdout);
}

/* Lets the time pass: true if the user wants to leave. A key that is none refreshes at once. */
static bool wait_or_quit(unsigned long long ns) {
    struct pollfd keyboard = { .fd = STDIN_FILENO, .events = POLLIN };
    char key = 0;
    struct timespec time = { ns / 1000000000, ns % 1000000000 };
    if (batch) {
        nanosleep(&time, NULL);
        return false;
    }
    if (poll(&keyboard, 1, ns / 1000000) <= 0)
        return false;
    return read(STDIN_FILENO, &key, 1) <= 0 || key == 'q';
}

int main(int argc, char **argv) {
    long long times = -1;
    unsigned long long delay = 2000000000ull;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "bn:d:")) != -1) {
        if (option == 'b')
            batch = true;
        else if (option == 'n')
            times = number_require(optarg, "number of times");
        else if (option != 'd' || !span_parse(optarg, &delay))
            cmd_usage(USAGE);
    }
    if (optind < argc)
        cmd_usage(USAGE);
    terminal_set();
    struct moment before = { .uptime = 0 };     /* the first time shows all since boot */
    for (long long i = 0; times < 0 || i < times; i++) {
        struct moment now = moment_read();
        moment_print(&before, &now);
        processes_free(before.processes, before.count);
        before = now;
        if (i + 1 != times && wait_or_quit(delay))
            break;
    }
    processes_free(before.processes, before.count);
    return cmd_end(cmd_status);
}
