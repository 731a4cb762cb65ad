// Areas: the ordered set of ranges that a space is made of. space->lock is held for what only
// looks, and held exclusively for what changes it.
#include <abi/errno.h>
#include <mm/area.h>
#include <mm/heap.h>
#include <mm/page_cache.h>
#include <mm/rmap.h>

static struct area *area_of(struct tree_node *node) {
    return node ? container_of(node, struct area, node) : NULL;
}

struct area *area_at_or_after(struct space *space, uint64_t va) {
    struct area *found = NULL;
    for (struct tree_node *node = space->areas.root; node;) {
        struct area *area = area_of(node);
        if (area->end > va)
            found = area;
        node = node->child[area->end > va ? TREE_LEFT : TREE_RIGHT];
    }
    return found;
}

// The hint makes runs of faults in one area cheap.
struct area *space_area(struct space *space, uint64_t va) {
    struct area *recent = __atomic_load_n(&space->recent, __ATOMIC_RELAXED);
    if (recent && recent->start <= va && va < recent->end)
        return recent;
    struct area *area = area_at_or_after(space, va);
    if (!area || area->start > va)
        return NULL;
    __atomic_store_n(&space->recent, area, __ATOMIC_RELAXED);
    return area;
}

struct area *area_before(struct space *space, struct area *area) {
    return area_of(area ? tree_neighbour(&area->node, TREE_LEFT)
                        : tree_end(&space->areas, TREE_RIGHT));
}

struct area *area_after(struct area *area) {
    return area_of(tree_neighbour(&area->node, TREE_RIGHT));
}

// --- gaps ---

static uint64_t widest_below(const struct tree_node *node, enum tree_side side) {
    struct area *child = area_of(node->child[side]);
    return child ? child->widest_gap : 0;
}

void area_summarise(struct tree_node *node) {
    struct area *area = area_of(node);
    uint64_t left = widest_below(node, TREE_LEFT), right = widest_below(node, TREE_RIGHT);
    uint64_t below = left > right ? left : right;
    area->widest_gap = area->gap > below ? area->gap : below;
}

// `before` is the one below `area`. (area_split lets them overlap.)
static uint64_t gap_above(const struct area *before, const struct area *area) {
    uint64_t end = before ? before->end : 0;
    return area->start > end ? area->start - end : 0;
}

// The area's start or the end of the one before it may have changed.
static void gap_changed(struct space *space, struct area *area) {
    uint64_t gap = area ? gap_above(area_before(space, area), area) : 0;
    if (!area || gap == area->gap)
        return;
    area->gap = gap;
    tree_update(&space->areas, &area->node);
}

// The highest area below `node` with `size` bytes free before it; there is one.
static struct area *highest_gap(struct tree_node *node, uint64_t size) {
    for (;;) {
        if (widest_below(node, TREE_RIGHT) >= size)
            node = node->child[TREE_RIGHT];
        else if (area_of(node)->gap >= size)
            return area_of(node);
        else
            node = node->child[TREE_LEFT];
    }
}

// From area to area downwards, but past whole subtrees at a time: those whose summary says that
// nothing in them is wide enough.
uint64_t area_highest_free(struct space *space, uint64_t top, uint64_t size) {
    struct area *above = area_at_or_after(space, top), *area = area_before(space, above);
    if (above && above->start < top)
        top = above->start;
    if (top - (area ? area->end : 0) >= size)
        return top;
    for (struct tree_node *node = area ? &area->node : NULL; node;) {
        if (area_of(node)->gap >= size)
            return area_of(node)->start;
        if (widest_below(node, TREE_LEFT) >= size)
            return highest_gap(node->child[TREE_LEFT], size)->start;
        while (node->parent && node->parent->child[TREE_LEFT] == node)
            node = node->parent;
        node = node->parent;
    }
    return 0;
}

// --- the set ---

bool area_range_free(struct space *space, uint64_t start, uint64_t end) {
    struct area *area = area_at_or_after(space, start);
    return !area || area->start >= end;
}

bool area_range_covered(struct space *space, uint64_t start, uint64_t end) {
    while (start < end) {
        struct area *area = space_area(space, start);
        if (!area)
            return false;
        start = area->end;
    }
    return true;
}

int area_insert(struct space *space, const struct area *model, struct area *before,
                struct area **out) {
    if (space->area_count >= AREAS_MAX)
        return -ENOMEM;
    struct area *area = kmalloc(sizeof *area);
    if (!area)
        return -ENOMEM;
    *area = *model;
    area->space = space;
    area->object = area->backing ? area->backing->object : NULL;
    if (area->backing)
        area->backing->ops->hold(area->backing);
    if (area->anon)
        anon_hold(area->anon);
    area->gap = gap_above(area_before(space, before), area);
    tree_insert(&space->areas, &area->node, before ? &before->node : NULL);
    gap_changed(space, before);
    space->size += area->end - area->start;
    space->area_count++;
    area_link(area);
    *out = area;
    return 0;
}

void area_remove(struct area *area) {
    struct space *space = area->space;
    area_unlink(area);
    space->recent = NULL;
    space->size -= area->end - area->start;
    space->area_count--;
    struct area *after = area_after(area);
    tree_remove(&space->areas, &area->node);
    gap_changed(space, after);
    if (area->backing)
        area->backing->ops->release(area->backing);
    if (area->anon)
        anon_put(area->anon);
    kfree(area);
}

void area_resize(struct area *area, uint64_t start, uint64_t end) {
    area->space->size += (end - start) - (area->end - area->start);
    area_set_range(area, start, end);
    gap_changed(area->space, area);
    gap_changed(area->space, area_after(area));
}

int area_split(struct space *space, uint64_t at) {
    struct area *area = space_area(space, at), *upper;
    if (!area || area->start == at)
        return 0;
    struct area model = *area;
    model.start = at;
    model.page += (at - area->start) / PAGE_SIZE;
    uint64_t start = area->start;
    // Both show the upper half's pages for a moment, which a pass over them does not mind.
    int error = area_insert(space, &model, area_after(area), &upper);
    if (!error)
        area_resize(area, start, at);
    return error;
}

// A heap that grows by steps stays one area.
bool area_extend(struct space *space, const struct area *model) {
    struct area *below = model->start ? space_area(space, model->start - 1) : NULL;
    if (!below || below->backing || model->backing || below->stack || below->shared ||
        below->locked != model->locked || below->rights != model->rights)
        return false;
    area_resize(below, below->start, model->end);
    return true;
}

// Nothing else knows the new anon until it is the area's, so its list needs no lock yet. Two
// faults may come here at once: the table's lock lets one of them win.
bool area_make_anon(struct area *area) {
    struct anon *anon = anon_create();
    if (!anon)
        return false;
    spin_lock(&area->space->table_lock);
    bool first = !area->anon;
    if (first) {
        list_push_back(&anon->mapping.areas, &area->anon_node);
        __atomic_store_n(&area->anon, anon, __ATOMIC_RELEASE);
    }
    spin_unlock(&area->space->table_lock);
    if (!first)
        anon_put(anon);
    return true;
}

int area_grow_stack(struct space *space, uint64_t va) {
    struct area *area = area_at_or_after(space, va);
    if (!area || !area->stack || area->start <= va)
        return -EFAULT;
    uint64_t start = page_floor(va);
    struct area *below = area_before(space, area);
    if (area->end - start > space->stack_limit ||
        (below && below->end + STACK_GUARD > start) || start < STACK_GUARD)
        return -EFAULT;
    area_resize(area, start, area->end);
    return 0;
}
