// A circular doubly linked list whose links live inside the objects that are on it.
//
// A `struct list` is both the head and the link. Nothing here locks: the owner of the
// list says which lock guards it.
#ifndef LIB_LIST_H
#define LIB_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *next, *prev;
};

#define LIST_INIT(name) { &(name), &(name) }

// The object of `type` whose field `member` is at `pointer`.
#define container_of(pointer, type, member) \
    ((type *)((char *)(pointer) - offsetof(type, member)))

static inline void list_init(struct list *head) { head->next = head->prev = head; }

static inline bool list_empty(const struct list *head) { return head->next == head; }

static inline void list_link_between(struct list *node, struct list *prev, struct list *next) {
    node->prev = prev;
    node->next = next;
    prev->next = node;
    next->prev = node;
}

static inline void list_push_front(struct list *head, struct list *node) {
    list_link_between(node, head, head->next);
}

static inline void list_push_back(struct list *head, struct list *node) {
    list_link_between(node, head->prev, head);
}

// Takes `node` off its list and leaves it an empty list of its own, so that removing it
// twice is harmless and list_empty(node) tells whether it is on a list.
static inline void list_remove(struct list *node) {
    node->prev->next = node->next;
    node->next->prev = node->prev;
    list_init(node);
}

// The first node, taken off the list; NULL when the list is empty.
static inline struct list *list_pop_front(struct list *head) {
    struct list *node = head->next;
    if (node == head)
        return NULL;
    list_remove(node);
    return node;
}

// Moves all of `from` to the end of `to`; `from` is empty afterwards.
static inline void list_append_all(struct list *to, struct list *from) {
    if (list_empty(from))
        return;
    from->next->prev = to->prev;
    to->prev->next = from->next;
    from->prev->next = to;
    to->prev = from->prev;
    list_init(from);
}

#define list_first(head, type, member) container_of((head)->next, type, member)

#define list_for_each(var, head, member)                                        \
    for (var = container_of((head)->next, __typeof__(*var), member);            \
         &var->member != (head);                                                \
         var = container_of(var->member.next, __typeof__(*var), member))

// As list_for_each, but the body may remove `var` (and only `var`).
#define list_for_each_safe(var, spare, head, member)                            \
    for (var = container_of((head)->next, __typeof__(*var), member),            \
         spare = container_of(var->member.next, __typeof__(*var), member);      \
         &var->member != (head);                                                \
         var = spare, spare = container_of(var->member.next, __typeof__(*var), member))

#endif
