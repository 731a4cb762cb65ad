/* Processes and their letters. */
#include "frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/cmd.h"
#include "../common/process.h"

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

/* Those that have gone lose their letters only after those that stay are known. */
void owners_read(void) {
    size_t count;
    struct process *processes = processes_read(&count, false);
    for (size_t i = 0; i < owner_count; i++)
        owners[i].present = false;
    for (size_t i = 0; i < count; i++) {
        struct owner *owner = owner_of(processes[i].pid);
        owner->present = true;
        owner->alone = owner->shared = owner->swapped = 0;
        snprintf(owner->name, sizeof(owner->name), "%.*s", (int)sizeof(owner->name) - 1,
                 processes[i].name);
    }
    processes_free(processes, count);
    absent_remove();
}
