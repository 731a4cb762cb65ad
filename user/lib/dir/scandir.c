/*
 * A whole directory, filtered and sorted.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct list {
    struct dirent **entries;
    size_t count;
    size_t room;
};

static int entry_add(struct list *list, const struct dirent *entry) {
    struct dirent *copy;

    if (list->count == list->room) {
        size_t room = list->room == 0 ? 16 : 2 * list->room;
        struct dirent **grown = reallocarray(list->entries, room, sizeof(*grown));

        if (grown == NULL)
            return -1;
        list->entries = grown;
        list->room = room;
    }
    copy = malloc(sizeof(*copy));
    if (copy == NULL)
        return -1;
    memcpy(copy, entry, offsetof(struct dirent, d_name) + strlen(entry->d_name) + 1);
    list->entries[list->count++] = copy;
    return 0;
}

static void list_free(struct list *list) {
    while (list->count > 0)
        free(list->entries[--list->count]);
    free(list->entries);
}

/* Reads all of dir. 0 or -1. */
static int list_read(struct list *list, DIR *dir, int (*keep)(const struct dirent *)) {
    struct dirent *entry;

    errno = 0;
    while ((entry = readdir(dir)) != NULL) {
        if (keep != NULL && !keep(entry))
            continue;
        if (entry_add(list, entry) < 0)
            return -1;
        errno = 0;
    }
    return errno == 0 ? 0 : -1;
}

int scandir(const char *path, struct dirent ***out, int (*keep)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **)) {
    struct list list = { 0 };
    DIR *dir = opendir(path);
    int result;

    if (dir == NULL)
        return -1;
    result = list_read(&list, dir, keep);
    closedir(dir);
    if (result < 0) {
        list_free(&list);
        return -1;
    }
    if (compare != NULL)
        qsort(list.entries, list.count, sizeof(*list.entries),
              (int (*)(const void *, const void *))compare);
    *out = list.entries;
    return list.count;
}

int alphasort(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}
