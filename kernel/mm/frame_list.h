// Lists of frames, linked by frame number inside struct frame. A frame is on one at a time.
#ifndef MM_FRAME_LIST_H
#define MM_FRAME_LIST_H

#include <mm/frame.h>

struct frame_list {
    uint32_t head, tail;
    uint64_t count;
};

#define FRAME_LIST_INIT { FRAME_NONE, FRAME_NONE, 0 }

static inline struct frame *frame_by_number(uint32_t number) { return &frame_table[number]; }

static inline void frame_list_push(struct frame_list *list, struct frame *frame) {
    uint32_t number = frame_number(frame);
    frame->prev = FRAME_NONE;
    frame->next = list->head;
    if (list->head != FRAME_NONE)
        frame_by_number(list->head)->prev = number;
    else
        list->tail = number;
    list->head = number;
    list->count++;
}

static inline void frame_list_remove(struct frame_list *list, struct frame *frame) {
    if (frame->prev != FRAME_NONE)
        frame_by_number(frame->prev)->next = frame->next;
    else
        list->head = frame->next;
    if (frame->next != FRAME_NONE)
        frame_by_number(frame->next)->prev = frame->prev;
    else
        list->tail = frame->prev;
    frame->next = frame->prev = FRAME_NONE;
    list->count--;
}

// The frame pushed last, or NULL.
static inline struct frame *frame_list_first(const struct frame_list *list) {
    return list->head == FRAME_NONE ? NULL : frame_by_number(list->head);
}

// The frame pushed first, or NULL.
static inline struct frame *frame_list_last(const struct frame_list *list) {
    return list->tail == FRAME_NONE ? NULL : frame_by_number(list->tail);
}

#endif
