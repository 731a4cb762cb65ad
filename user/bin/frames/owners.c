/* Processes and their letters. */
#include "frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/cmd.h"
#include "../common/slurp.h"

struct owner *owners;
size_t owner_count;
static size_t owner_room;

static char letter_free(void) {
    for (char letter = 'A'; letter <= 'Z'; letter++) {
        bool taken = false;
        for (size_t i = 0; i < owner_count; i++)
            taken |= owners[i].letter == letter;
        if (!taken)
            return letter;
    }
    return '+';
}

struct owner *owner_of(int pid) {
    size_t at = 0;
    while (at < owner_count && owners[at].pid < pid)
        at++;
    if (at < owner_count && owners[at].pid == pid)
        return &owners[at];
    char letter = letter_free();
    if (owner_count == owner_room) {
        owner_room = owner_room ? 2 * owner_room : 32;
        owners = cmd_realloc(owners, owner_room * sizeof(*owners));
    }
    memmove(&owners[at + 1], &owners[at], (owner_count - at) * sizeof(*owners));
    owner_count++;
    owners[at] = (struct owner){ .pid = pid, .letter = letter, .name = "?", .present = true };
    return &owners[at];
}

static void absent_remove(void) {
    size_t kept = 0;
    for (size_t i = 0; i < owner_count; i++)
        if (owners[i].present)
            owners[kept++] = owners[i];
    owner_count = kept;
}

/* A line of the kernel's table begins with the pid and ends with the name. */
static void line_read(char *line) {
    const char *name = strrchr(line, ' ');
    int pid = atoi(line);
    if (pid <= 0 || name == NULL)
        return;
    struct owner *owner = owner_of(pid);
    owner->present = true;
    owner->alone = owner->shared = owner->swapped = 0;
    snprintf(owner->name, sizeof(owner->name), "%s", name + 1);
}

/* Those that have gone lose their letters only after those that stay are known. */
void owners_read(void) {
    char *text = file_slurp_require("/proc/processes"), *rest;
    for (size_t i = 0; i < owner_count; i++)
        owners[i].present = false;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        line_read(line);
    free(text);
    absent_remove();
}
