/* The positional parameters $1, $2, ... */
#include "vars.h"

#include <stdlib.h>
#include <string.h>

struct params params;

struct params params_replace(char **items, int count) {
    struct params old = params;
    char **copies = xmalloc((count + 1) * sizeof(*copies));

    for (int i = 0; i < count; i++)
        copies[i] = xstrdup(items[i]);
    copies[count] = NULL;
    params.items = copies;
    params.count = count;
    return old;
}

void params_restore(struct params old) {
    for (int i = 0; i < params.count; i++)
        free(params.items[i]);
    free(params.items);
    params = old;
}

void params_set(char **items, int count) {
    struct params old = params_replace(items, count);
    struct params new = params;

    params = old;
    params_restore(new);
}

void params_shift(int by) {
    for (int i = 0; i < by; i++)
        free(params.items[i]);
    params.count -= by;
    memmove(params.items, params.items + by, (params.count + 1) * sizeof(*params.items));
}
