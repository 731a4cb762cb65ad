#include <abi/errno.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <tty/input.h>

int input_init(struct tty_input *input) {
    *input = (struct tty_input){ .ring = kzalloc(TTY_INPUT_SIZE),
                                 .marks = kzalloc(TTY_INPUT_SIZE / 8) };
    if (input->ring && input->marks)
        return 0;
    input_free(input);
    return -ENOMEM;
}

void input_free(struct tty_input *input) {
    kfree(input->ring);
    kfree(input->marks);
}

void input_clear(struct tty_input *input) {
    input->read = input->line = input->head;
    input->marked = 0;
    memset(input->marks, 0, TTY_INPUT_SIZE / 8);
}

static bool mark_test(const struct tty_input *input, uint32_t position) {
    uint32_t slot = position % TTY_INPUT_SIZE;
    return input->marks[slot / 8] >> slot % 8 & 1;
}

static void mark_set(struct tty_input *input, uint32_t position) {
    uint32_t slot = position % TTY_INPUT_SIZE;
    input->marks[slot / 8] |= (uint8_t)(1 << slot % 8);
    input->marked++;
}

static void mark_clear(struct tty_input *input, uint32_t position) {
    uint32_t slot = position % TTY_INPUT_SIZE;
    input->marks[slot / 8] &= (uint8_t)~(1 << slot % 8);
    input->marked--;
}

static bool is_end_of_file(const struct tty_input *input, uint32_t position) {
    return mark_test(input, position) && input_at(input, position) == '\0';
}

static bool put(struct tty_input *input, char c, size_t limit) {
    if (input_used(input) >= limit)
        return false;
    input->ring[input->head++ % TTY_INPUT_SIZE] = c;
    return true;
}

bool input_add(struct tty_input *input, char c) { return put(input, c, TTY_INPUT_SIZE - 1); }

bool input_end_line(struct tty_input *input, char c) {
    if (!put(input, c, TTY_INPUT_SIZE))
        return false;
    mark_set(input, input->head - 1);
    input->line = input->head;
    return true;
}

void input_commit(struct tty_input *input) { input->line = input->head; }

void input_unadd(struct tty_input *input) {
    assert(input_editing(input));
    input->head--;
}

size_t input_readable(const struct tty_input *input) {
    size_t size = input->line - input->read;
    if (input->marked)
        for (uint32_t at = input->read; at != input->line; at++)
            size -= is_end_of_file(input, at);
    return size;
}

// From raw to canonical, what is there becomes a line without an end of its own.
void input_mode_changed(struct tty_input *input, bool canonical) {
    input->line = input->head;
    if (input->marked) {
        memset(input->marks, 0, TTY_INPUT_SIZE / 8);
        input->marked = 0;
    }
    if (canonical && input->line != input->read)
        mark_set(input, input->line - 1);
}

struct input_span input_span(const struct tty_input *input, size_t limit, bool canonical) {
    struct input_span span = { .text = &input->ring[input->read % TTY_INPUT_SIZE] };
    size_t together = TTY_INPUT_SIZE - input->read % TTY_INPUT_SIZE;
    size_t there = input->line - input->read;
    if (!canonical) {
        span.size = there < limit ? there : limit;
        span.size = span.size < together ? span.size : together;
        return span;
    }
    while (!span.ends && span.size < limit && span.size < there && span.size < together) {
        uint32_t at = input->read + (uint32_t)span.size;
        if (is_end_of_file(input, at))
            break;
        span.ends = mark_test(input, at);
        span.size++;
    }
    return span;
}

void input_consume(struct tty_input *input, size_t size) {
    for (; size; size--, input->read++)
        if (mark_test(input, input->read))
            mark_clear(input, input->read);
}

bool input_take_end_of_file(struct tty_input *input) {
    if (input->read == input->line || !is_end_of_file(input, input->read))
        return false;
    input_consume(input, 1);
    return true;
}
