// The set of areas against a row of pages: what is mapped, with which rights, and where room is found.
#include <debug/ktest.h>
#include <mm/space.h>

#define BASE  0x40000000ul
#define PAGES 160u

static uint8_t rights[PAGES];           // the model; 0: nothing is mapped

static uint64_t va_of(unsigned page) { return BASE + page * PAGE_SIZE; }

static void set_rights(unsigned from, unsigned to, uint8_t value) {
    while (from < to)
        rights[from++] = value;
}

static void areas_agree(struct space *space) {
    unsigned page = 0;
    struct area *area;
    area_for_each(area, space, BASE) {
        for (; va_of(page) < area->start; page++)
            ktest_check(!rights[page]);
        for (; va_of(page) < area->end; page++)
            ktest_check(rights[page] == area->rights && space_area(space, va_of(page)) == area);
    }
    for (; page < PAGES; page++)
        ktest_check(!rights[page] && !space_area(space, va_of(page)));
}

// Where `size` pages fit that are as high as can be.
static uint64_t highest_free(unsigned size) {
    unsigned top = PAGES, free = 0;
    for (unsigned page = PAGES; page-- > 0 && free < size;) {
        free = rights[page] ? 0 : free + 1;
        if (rights[page])
            top = page;
    }
    return va_of(top) - size * PAGE_SIZE;
}

static void finds_room(struct space *space, unsigned size) {
    struct area wanted = { .end = size * PAGE_SIZE, .rights = ACCESS_EXEC };
    uint64_t at = space_map_free(space, &wanted);
    ktest_check(at == highest_free(size));
    ktest_check(!space_unmap(space, at, at + size * PAGE_SIZE));
}

KTEST(areas_random) {
    struct space *space = space_create();
    ktest_check(space != NULL);
    if (!space)
        return;
    space->map_top = va_of(PAGES);
    set_rights(0, PAGES, 0);
    uint32_t random = 99;
    for (unsigned step = 0; step < 1500; step++) {
        random = random * 1103515245 + 12345;
        unsigned from = (random >> 8) % PAGES, to = from + 1 + (random >> 16) % 6;
        to = to < PAGES ? to : PAGES;
        struct area wanted = { .start = va_of(from), .end = va_of(to), .rights = 1 + (random >> 20) % 2 };
        if ((random >> 24) % 3 == 0) {
            ktest_check(!space_unmap(space, wanted.start, wanted.end));
            set_rights(from, to, 0);
        } else {
            ktest_check(space_map_over(space, &wanted) == (int64_t)wanted.start);
            set_rights(from, to, wanted.rights);
        }
        if (step % 8 == 0) {
            areas_agree(space);
            finds_room(space, 1 + step / 8 % 5);
        }
    }
    space_put(space);
}

KTEST(areas_many) {
    struct space *space = space_create();
    for (unsigned i = 0; space && i < 3000; i++) {
        uint64_t va = va_of(2 * i * 7919 % 6000);       // 7919 is prime to 3000: each place once
        struct area wanted = { .start = va, .end = va + PAGE_SIZE, .rights = ACCESS_READ };
        ktest_check(!space_map(space, &wanted));
    }
    ktest_check(space && space->area_count == 3000 && space->areas.root->height <= 16);
    if (space) {
        ktest_check(!space_unmap(space, 0, USER_LIMIT) && space->area_count == 0);
        space_put(space);
    }
}
