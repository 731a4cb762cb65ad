/* A memory of a few frames, in which a reference string is played under a policy. */
#include "paging.h"

#include <stdlib.h>

#include "../common/cmd.h"

struct memory memory_create(const struct string *string, const struct policy *policy,
                            size_t frames) {
    struct memory memory = { .string = string, .policy = policy, .frame_count = frames };
    memory.frames = cmd_alloc(frames * sizeof(*memory.frames));
    for (size_t i = 0; i < frames; i++)
        memory.frames[i] = (struct frame){ .page = NONE };
    memory.where = cmd_alloc(string->pages * sizeof(*memory.where));
    for (size_t i = 0; i < string->pages; i++)
        memory.where[i] = NONE;
    return memory;
}

void memory_free(struct memory *memory) {
    free(memory->frames);
    free(memory->where);
}

/* A frame for `page`: an empty one, as long as there are any; else the victim's. */
static struct frame *page_load(struct memory *memory, size_t page) {
    size_t at = memory->filled < memory->frame_count ? memory->filled++
                                                     : memory->policy->victim(memory);
    struct frame *frame = &memory->frames[at];
    if (frame->page != NONE)
        memory->where[frame->page] = NONE;
    memory->where[page] = at;
    *frame = (struct frame){ .page = page, .loaded = memory->now };
    return frame;
}

bool memory_step(struct memory *memory) {
    const struct reference *reference = &memory->string->references[memory->now];
    size_t at = memory->where[reference->page];
    bool fault = at == NONE;
    struct frame *frame = fault ? page_load(memory, reference->page) : &memory->frames[at];
    frame->touched = memory->now++;
    frame->next = reference->next;
    frame->used = true;
    memory->faults += fault;
    return fault;
}

size_t faults_count(const struct string *string, const struct policy *policy, size_t frames) {
    struct memory memory = memory_create(string, policy, frames);
    while (memory.now < string->length)
        memory_step(&memory);
    memory_free(&memory);
    return memory.faults;
}
