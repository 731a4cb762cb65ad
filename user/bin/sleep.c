/* sleep TIME...: waits for the sum of the times, such as 5, 0.25 or 2m (s, m, h, d). */
#include <errno.h>
#include <time.h>

#include "common/cmd.h"
#include "common/number.h"

int main(int argc, char **argv) {
    unsigned long long total = 0, span;
    cmd_begin(argv, 1);
    if (argc < 2)
        cmd_usage("TIME...");
    for (int i = 1; i < argc; i++) {
        if (!span_parse(argv[i], &span) || __builtin_add_overflow(total, span, &total))
            cmd_die("invalid time: '%s'", argv[i]);
    }
    struct timespec rest = { total / 1000000000, total % 1000000000 };
    while (nanosleep(&rest, &rest) < 0) {
        if (errno != EINTR)
            cmd_die_errno("cannot sleep");
    }
    return 0;
}
