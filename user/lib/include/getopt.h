/*
 * <getopt.h>: command-line options, short and long.
 */
#ifndef USER_GETOPT_H
#define USER_GETOPT_H

extern char *optarg;
extern int optind;
extern int opterr;
extern int optopt;

struct option {
    const char *name;
    int has_arg;
    int *flag;
    int val;
};

#define no_argument       0
#define required_argument 1
#define optional_argument 2

/*
 * As POSIX's getopt, but the words of argv that are no options are moved to its end, so that
 * options may follow them; unless options begins with '+' or POSIXLY_CORRECT is set.
 */
int getopt(int argc, char *const argv[], const char *options);
int getopt_long(int argc, char *const argv[], const char *options, const struct option *longs,
                int *index);

#endif
