// Tests of the page cache, over objects that know what their pages should hold.
#include <abi/errno.h>
#include <debug/ktest.h>
#include <lib/string.h>
#include <mm/page_cache.h>

static unsigned reads, writes;
static bool fail_reads;
static int write_error;

static int test_read(struct page_object *object, uint64_t index, struct frame *frame) {
    (void)object;
    reads++;
    memset(frame_virt(frame), (int)index, PAGE_SIZE);
    return fail_reads ? -EIO : 0;
}

static int test_write(struct page_object *object, uint64_t index, struct frame *frame) {
    (void)object, (void)index, (void)frame;
    writes++;
    return write_error;
}

static const struct page_object_ops test_ops = { .read_page = test_read,
                                                 .write_page = test_write };

static void begin(struct page_object *object) {
    reads = writes = 0;
    fail_reads = false;
    write_error = 0;
    page_object_init(object, &test_ops);
}

KTEST(page_is_read_once) {
    struct page_object object;
    struct frame *first = NULL, *second = NULL;
    begin(&object);
    ktest_check(page_get(&object, 7, &first) == 0 && page_get(&object, 7, &second) == 0);
    ktest_check(first == second && reads == 1);
    ktest_check(*(char *)frame_virt(first) == 7);
    frame_put(first);
    frame_put(second);
    page_object_destroy(&object);
}

KTEST(page_that_cannot_be_read_is_not_kept) {
    struct page_object object;
    struct frame *frame;
    begin(&object);
    fail_reads = true;
    ktest_check(page_get(&object, 1, &frame) == -EIO && object.pages == 0);
    fail_reads = false;
    ktest_check(page_get(&object, 1, &frame) == 0 && reads == 2);
    frame_put(frame);
    page_object_destroy(&object);
}

KTEST(page_dirty_is_written_once) {
    struct page_object object;
    struct frame *frame;
    uint64_t dirty = page_dirty_count();
    begin(&object);
    ktest_check(page_get_zero(&object, 3, &frame) == 0 && reads == 0);
    page_mark_dirty(frame);
    page_mark_dirty(frame);
    ktest_check(page_dirty_count() == dirty + 1);
    ktest_check(page_object_sync(&object) == 0 && writes == 1);
    ktest_check(page_object_sync(&object) == 0 && writes == 1);
    frame_put(frame);
    page_object_destroy(&object);
    ktest_check(page_dirty_count() == dirty);
}

KTEST(page_write_error_is_told_once) {
    struct page_object object;
    struct frame *frame;
    begin(&object);
    write_error = -EIO;
    ktest_check(page_get(&object, 0, &frame) == 0);
    page_mark_dirty(frame);
    ktest_check(page_object_write_back(&object) == 0);
    ktest_check(page_object_sync(&object) == -EIO);
    ktest_check(page_object_sync(&object) == 0);
    frame_put(frame);
    page_object_destroy(&object);
}

KTEST(page_is_not_lost_for_want_of_memory) {
    struct page_object object;
    struct frame *frame;
    begin(&object);
    write_error = -ENOMEM;
    ktest_check(page_get(&object, 0, &frame) == 0);
    page_mark_dirty(frame);
    ktest_check(page_object_write_back(&object) == -ENOMEM && page_object_dirty(&object));
    ktest_check(page_object_sync(&object) == -ENOMEM && writes == 2);
    write_error = 0;
    ktest_check(page_object_sync(&object) == 0 && writes == 3 && !page_object_dirty(&object));
    frame_put(frame);
    page_object_destroy(&object);
}

KTEST(page_truncate_drops_dirty_pages_too) {
    struct page_object object;
    struct frame *frames[4];
    begin(&object);
    for (int i = 0; i < 4; i++) {
        ktest_check(page_get(&object, i * 100, &frames[i]) == 0);
        page_mark_dirty(frames[i]);
        frame_put(frames[i]);
    }
    page_object_truncate(&object, 101);
    ktest_check(object.pages == 2 && object.dirty.count == 2);
    page_object_destroy(&object);
    ktest_check(writes == 0);
}
