/*
 * Users and groups by name. Both files have lines "name:password:id:...";
 * a system without them still works, it shows numbers.
 */
#include "users.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "number.h"
#include "reader.h"

/* The last answer for each file: ls asks for the same owner again and again. */
struct name_cache {
    const char *path;
    bool valid;
    unsigned id;
    char *name;
};

static struct name_cache users = { .path = "/etc/passwd" };
static struct name_cache groups = { .path = "/etc/group" };

/* Splits "name:password:id..." in place. False when the line is not of that form. */
static bool record_parse(char *text, const char **name, unsigned *id) {
    char *password = strchr(text, ':');
    char *number = password ? strchr(password + 1, ':') : NULL;
    if (number == NULL)
        return false;
    *password = '\0';
    number++;
    number[strcspn(number, ":")] = '\0';
    long long value;
    if (!number_parse(number, &value) || value < 0 || value > 0xffffffffLL)
        return false;
    *name = text;
    *id = value;
    return true;
}

/*
 * Looks for the record with this name, or with *id when `name` is NULL. Returns
 * the record's name in fresh memory and its id, or NULL.
 */
static char *record_find(const char *path, const char *name, unsigned *id) {
    struct reader r;
    struct line line;
    char *result = NULL;
    if (access(path, R_OK) < 0 || !reader_open(&r, path))
        return NULL;
    while (!result && reader_line(&r, '\n', &line)) {
        const char *found_name;
        unsigned found_id;
        if (!record_parse(line.text, &found_name, &found_id))
            continue;
        if (name ? strcmp(found_name, name) == 0 : found_id == *id) {
            result = cmd_strdup(found_name);
            *id = found_id;
        }
    }
    reader_close(&r);
    return result;
}

static const char *cached_name(struct name_cache *cache, unsigned id) {
    if (cache->valid && cache->id == id)
        return cache->name;
    free(cache->name);
    cache->name = record_find(cache->path, NULL, &id);
    if (cache->name == NULL) {
        char number[16];
        snprintf(number, sizeof(number), "%u", id);
        cache->name = cmd_strdup(number);
    }
    cache->id = id;
    cache->valid = true;
    return cache->name;
}

static bool name_find(const char *path, const char *name, unsigned *id) {
    char *found = record_find(path, name, id);
    free(found);
    if (found)
        return true;
    long long value;
    if (!number_parse(name, &value) || value < 0 || value > 0xfffffffeLL)
        return false;
    *id = value;
    return true;
}

const char *user_name(unsigned id) {
    return cached_name(&users, id);
}

const char *group_name(unsigned id) {
    return cached_name(&groups, id);
}

bool user_find(const char *name, unsigned *id) {
    return name_find(users.path, name, id);
}

bool group_find(const char *name, unsigned *id) {
    return name_find(groups.path, name, id);
}
