/* help [NAME]...: what commands there are, with a line for each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cmd.h"
#include "common/tree.h"

#define DIRECTORY "/bin"

/* In alphabetical order; what is on the disk and not in here is mentioned as such. */
static const struct topic {
    const char *name, *line;
} topics[] = {
    { "[", "the same as test, with a ] at the end" },
    { "basename", "the last part of a path" },
    { "bench", "measure what system calls, processes, pipes and files cost" },
    { "cat", "print files, one after another" },
    { "chmod", "change who may read, write and execute files" },
    { "chown", "give files to another user or group" },
    { "cksum", "checksum and size of files" },
    { "clear", "empty the screen" },
    { "cmp", "where two files differ" },
    { "comm", "lines that two sorted files share" },
    { "cp", "copy files and directories" },
    { "crash", "do what a program must not do, and see what happens" },
    { "cut", "parts of each line" },
    { "date", "show or set the time" },
    { "dd", "copy block by block" },
    { "df", "how full the file systems are" },
    { "diff", "how two files differ, line by line" },
    { "dirname", "a path without its last part" },
    { "dmesg", "what the kernel has logged" },
    { "du", "how much disk space directories take" },
    { "echo", "print words" },
    { "env", "run a command in a changed environment" },
    { "expr", "compute with numbers and texts" },
    { "false", "fail" },
    { "find", "search a directory tree" },
    { "frames", "show what each part of physical memory holds, and whose it is" },
    { "free", "how much memory is in use" },
    { "grep", "lines that match a pattern" },
    { "halt", "stop the machine" },
    { "head", "the beginning of files" },
    { "help", "this list" },
    { "hexdump", "bytes in hexadecimal" },
    { "hostname", "show or set the machine's name" },
    { "id", "who you are" },
    { "init", "the first process: starts the shell, reaps orphans" },
    { "kill", "send signals to processes" },
    { "ln", "make links" },
    { "ls", "list files" },
    { "mkdir", "make directories" },
    { "mkfifo", "make named pipes" },
    { "mknod", "make device files" },
    { "mount", "mount a file system, or show what is mounted" },
    { "mv", "rename and move files" },
    { "nice", "run a command that lets others go before it" },
    { "nl", "number lines" },
    { "nproc", "how many harts there are" },
    { "pagemap", "show the page table of a process" },
    { "paging", "page replacement: play a reference string under each policy" },
    { "paste", "lines of several files side by side" },
    { "poweroff", "turn the machine off" },
    { "printf", "formatted output" },
    { "ps", "show the processes" },
    { "pstree", "the processes as the tree of who made whom" },
    { "pwd", "the current directory" },
    { "readlink", "where a symbolic link points" },
    { "realpath", "the absolute path of a file" },
    { "reboot", "start the machine again" },
    { "renice", "change how nice processes are" },
    { "rev", "lines backwards" },
    { "rm", "remove files and directories" },
    { "rmdir", "remove empty directories" },
    { "sched", "show or choose how threads share the harts" },
    { "schedplot", "the same jobs under several schedulers, as Gantt charts" },
    { "script", "record a shell on a terminal of its own" },
    { "seq", "count" },
    { "sh", "the shell: its own commands are cd, exit, export, jobs, fg and more" },
    { "sleep", "wait" },
    { "sort", "sort lines" },
    { "stat", "what the inode of a file says" },
    { "stty", "show or change a terminal's settings and window size" },
    { "swapoff", "stop using a swap disk" },
    { "swapon", "let pages go to a swap disk" },
    { "sync", "write everything to the disk" },
    { "tac", "lines in reverse order" },
    { "tail", "the end of files" },
    { "taskset", "let a process run on some harts only" },
    { "tee", "copy the input to files and onwards" },
    { "test", "check files, compare texts and numbers" },
    { "time", "how long a command takes" },
    { "top", "what harts and processes are doing, live" },
    { "touch", "make files, set their times" },
    { "tr", "translate or delete bytes" },
    { "true", "succeed" },
    { "truncate", "cut files off, or fill them up" },
    { "tty", "the name of the terminal" },
    { "umount", "unmount a file system" },
    { "uname", "what system this is" },
    { "uniq", "drop repeated lines" },
    { "uptime", "how long the system has been running" },
    { "vmstat", "show what memory management does" },
    { "walk", "translate an address step by step" },
    { "wc", "count lines, words and bytes" },
    { "which", "where a command is found" },
    { "whoami", "your user name" },
    { "xargs", "run a command with words from the input" },
    { "yes", "print a word for ever" },
};

#define TOPIC_COUNT (sizeof(topics) / sizeof(topics[0]))

static const struct topic *topic_find(const char *name) {
    size_t low = 0, high = TOPIC_COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, topics[middle].name);
        if (order == 0)
            return &topics[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static void line_print(const char *name) {
    const struct topic *topic = topic_find(name);
    printf("  %-10s %s\n", name, topic ? topic->line : "(no line about it in help)");
}

static int names_compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lists what is really there, so that the list cannot promise too much or too little. */
static void directory_explain(void) {
    char **names = directory_names(DIRECTORY);
    if (names == NULL)
        cmd_die_errno(DIRECTORY);
    size_t count = 0;
    while (names[count])
        count++;
    qsort(names, count, sizeof(*names), names_compare);
    puts("Commands in " DIRECTORY " (most explain themselves when called with --help):");
    for (size_t i = 0; i < count; i++)
        line_print(names[i]);
}

int main(int argc, char **argv) {
    cmd_begin(argv, 1);
    if (argc == 1)
        directory_explain();
    for (int i = 1; i < argc; i++) {
        if (topic_find(argv[i]))
            line_print(argv[i]);
        else
            cmd_warn("nothing is known about '%s'", argv[i]);
    }
    return cmd_end(cmd_status);
}
