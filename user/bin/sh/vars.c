/* Variables: a hash table that grows with what it holds. */
#include "vars.h"
#include "exec.h"
#include "out.h"
#include "parse.h"
#include "shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct var {
    struct var *next;
    char *name;
    char *value; /* NULL: unset, but it may be exported already */
    bool exported;
    bool readonly;
};

/* What a variable was before the scope it is in. */
struct saved_var {
    struct saved_var *next;
    char *name;
    char *value;
    bool existed;
    bool exported;
    bool readonly;
};

static struct var **buckets;
static size_t bucket_count;
static size_t var_count;
static struct var_scope *innermost;

static size_t name_hash(const char *name) {
    size_t hash = 5381;

    for (; *name; name++)
        hash = hash * 33 + (unsigned char)*name;
    return hash;
}

static void table_grow(void) {
    size_t count = bucket_count ? bucket_count * 2 : 64;
    struct var **table = xmalloc(count * sizeof(*table));
    struct var *next;

    memset(table, 0, count * sizeof(*table));
    for (size_t i = 0; i < bucket_count; i++) {
        for (struct var *var = buckets[i]; var; var = next) {
            struct var **slot = &table[name_hash(var->name) % count];

            next = var->next;
            var->next = *slot;
            *slot = var;
        }
    }
    free(buckets);
    buckets = table;
    bucket_count = count;
}

static struct var *var_find(const char *name) {
    struct var *var = bucket_count ? buckets[name_hash(name) % bucket_count] : NULL;

    while (var && strcmp(var->name, name) != 0)
        var = var->next;
    return var;
}

static struct var *var_find_or_add(const char *name) {
    struct var *var = var_find(name);
    struct var **slot;

    if (var)
        return var;
    if (var_count >= bucket_count)
        table_grow();
    slot = &buckets[name_hash(name) % bucket_count];
    var = xmalloc(sizeof(*var));
    *var = (struct var){.next = *slot, .name = xstrdup(name)};
    *slot = var;
    var_count++;
    return var;
}

static void var_remove(struct var *var) {
    struct var **slot = &buckets[name_hash(var->name) % bucket_count];

    while (*slot != var)
        slot = &(*slot)->next;
    *slot = var->next;
    free(var->name);
    free(var->value);
    free(var);
    var_count--;
}

const char *var_get(const char *name) {
    struct var *var = var_find(name);

    return var ? var->value : NULL;
}

void vars_each(void (*visit)(const char *name, void *argument), void *argument) {
    for (size_t i = 0; i < bucket_count; i++) {
        for (struct var *var = buckets[i]; var; var = var->next) {
            if (var->value)
                visit(var->name, argument);
        }
    }
}

bool var_set(const char *name, const char *value) {
    struct var *var = var_find_or_add(name);
    char *copy;

    if (var->readonly) {
        shell_error("%s: is read only", name);
        return false;
    }
    copy = xstrdup(value);
    free(var->value);
    var->value = copy;
    var->exported |= shell.options.allexport;
    return true;
}

bool var_unset(const char *name) {
    struct var *var = var_find(name);

    if (!var)
        return true;
    if (var->readonly) {
        shell_error("%s: is read only", name);
        return false;
    }
    var_remove(var);
    return true;
}

void var_export(const char *name, bool exported) {
    var_find_or_add(name)->exported = exported;
}

void var_set_readonly(const char *name) {
    var_find_or_add(name)->readonly = true;
}

static void vars_import(char **environment) {
    for (; environment && *environment; environment++) {
        const char *equals = strchr(*environment, '=');
        char *name;

        if (!equals || !name_is_valid(*environment, equals - *environment))
            continue;
        name = xstrndup(*environment, equals - *environment);
        var_set(name, equals + 1);
        var_export(name, true);
        free(name);
    }
}

static void var_set_default(const char *name, const char *value) {
    if (!var_get(name))
        var_set(name, value);
}

void vars_init(char **environment) {
    char *cwd, parent[16];

    vars_import(environment);
    snprintf(parent, sizeof(parent), "%d", (int)getppid());
    var_set("PPID", parent);
    var_set("IFS", " \t\n");
    var_set("OPTIND", "1");
    var_set_default("PATH", "/bin");
    var_set_default("PS1", "trapdoor:$PWD$ ");
    var_set_default("PS2", "> ");
    var_set_default("PS4", "+ ");
    cwd = cwd_get();
    if (cwd)
        var_set("PWD", cwd);
    free(cwd);
}

char **vars_environment(struct arena *arena) {
    char **environment = arena_alloc(arena, (var_count + 1) * sizeof(*environment));
    size_t used = 0;

    for (size_t i = 0; i < bucket_count; i++) {
        for (struct var *var = buckets[i]; var; var = var->next) {
            size_t len = strlen(var->name);
            char *entry;

            if (!var->exported || !var->value)
                continue;
            entry = arena_alloc(arena, len + strlen(var->value) + 2);
            memcpy(entry, var->name, len);
            entry[len] = '=';
            strcpy(entry + len + 1, var->value);
            environment[used++] = entry;
        }
    }
    return environment;
}

void vars_print(const char *prefix, bool exported, bool readonly) {
    struct strlist names = {0};

    for (size_t i = 0; i < bucket_count; i++) {
        for (struct var *var = buckets[i]; var; var = var->next) {
            if ((var->exported || !exported) && (var->readonly || !readonly))
                strlist_add(&names, var->name);
        }
    }
    strlist_sort(&names);
    for (size_t i = 0; i < names.count; i++) {
        const char *value = var_get(names.items[i]);

        if (!value && !exported && !readonly)
            continue;
        out_str(prefix);
        out_str(names.items[i]);
        if (value) {
            out_char('=');
            out_quoted(value);
        }
        out_char('\n');
    }
    strlist_free(&names);
}

void var_scope_push(struct var_scope *scope, bool is_function) {
    scope->outer = innermost;
    scope->saved = NULL;
    scope->is_function = is_function;
    innermost = scope;
}

static void save_in(struct var_scope *scope, const char *name) {
    struct var *var = var_find(name);
    struct saved_var *saved;

    for (saved = scope->saved; saved; saved = saved->next) {
        if (strcmp(saved->name, name) == 0)
            return;
    }
    saved = xmalloc(sizeof(*saved));
    *saved = (struct saved_var){.next = scope->saved, .name = xstrdup(name)};
    if (var) {
        saved->existed = true;
        saved->value = var->value ? xstrdup(var->value) : NULL;
        saved->exported = var->exported;
        saved->readonly = var->readonly;
    }
    scope->saved = saved;
}

void var_save(const char *name) {
    save_in(innermost, name);
}

bool var_make_local(const char *name) {
    struct var_scope *scope = innermost;

    while (scope && !scope->is_function)
        scope = scope->outer;
    if (scope)
        save_in(scope, name);
    return scope != NULL;
}

static void saved_restore(struct saved_var *saved) {
    struct var *var = var_find_or_add(saved->name);

    free(var->value);
    var->value = saved->value;
    var->exported = saved->exported;
    var->readonly = saved->readonly;
    if (!saved->existed)
        var_remove(var);
}

void var_scope_pop(void) {
    struct saved_var *saved = innermost->saved;
    struct saved_var *next;

    innermost = innermost->outer;
    for (; saved; saved = next) {
        next = saved->next;
        saved_restore(saved);
        free(saved->name);
        free(saved);
    }
}
