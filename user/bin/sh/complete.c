/* Completion with the Tab key: file names, and command names where a command is expected. */
#include "editor.h"
#include "exec.h"
#include "vars.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char word_ends[] = " \t|&;<>()=";
static const char to_escape[] = " \t|&;<>()$`\\\"'*?[#~";

/* The names that begin like what was typed. */
struct matches {
    struct arena *arena;
    struct strlist names;
    const char *prefix;
};

static void match_add(struct matches *matches, const char *name) {
    if (strncmp(name, matches->prefix, strlen(matches->prefix)) == 0)
        strlist_add(&matches->names, arena_strdup(matches->arena, name));
}

static void add_files(struct matches *matches, const char *directory, bool programs) {
    DIR *dir = opendir(directory);
    struct dirent *entry;

    while (dir && (entry = readdir(dir))) {
        char *path;

        if (entry->d_name[0] == '.' && matches->prefix[0] != '.')
            continue;
        path = arena_alloc(matches->arena, strlen(directory) + strlen(entry->d_name) + 2);
        strcpy(path, directory);
        strcat(path, "/");
        strcat(path, entry->d_name);
        if (!programs || access(path, X_OK) == 0)
            match_add(matches, entry->d_name);
    }
    if (dir)
        closedir(dir);
}

static void add_commands(struct matches *matches) {
    const char *path = var_get("PATH");

    for (const struct builtin *builtin = builtins; builtin->name; builtin++)
        match_add(matches, builtin->name);
    while (path && *path) {
        size_t len = strcspn(path, ":");

        add_files(matches, arena_strndup(matches->arena, path, len), true);
        path += len + (path[len] == ':');
    }
}

/* Sorts the names; a program and a builtin of the same name are one match. */
static void sort_names(struct strlist *names) {
    size_t kept = 0;

    strlist_sort(names);
    for (size_t i = 0; i < names->count; i++) {
        if (kept == 0 || strcmp(names->items[kept - 1], names->items[i]) != 0)
            names->items[kept++] = names->items[i];
    }
    names->count = kept;
}

/* How many bytes all names have in common. */
static size_t common_length(const struct strlist *names) {
    size_t len = strlen(names->items[0]);

    for (size_t i = 1; i < names->count; i++) {
        size_t same = 0;

        while (same < len && names->items[i][same] == names->items[0][same])
            same++;
        len = same;
    }
    return len;
}

static void insert_escaped(struct editor *editor, const char *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (strchr(to_escape, text[i]))
            editor_insert(editor, "\\", 1);
        editor_insert(editor, text + i, 1);
    }
}

static void list_names(struct editor *editor, const struct strlist *names) {
    struct strbuf *output = &editor->display.output;

    strbuf_add_char(output, '\n');
    for (size_t i = 0; i < names->count; i++) {
        strbuf_add_str(output, names->items[i]);
        strbuf_add_str(output, i + 1 < names->count ? "  " : "\n");
    }
    display_again(&editor->display);
}

static bool is_directory(struct arena *arena, const char *directory, const char *name) {
    char *path = arena_alloc(arena, strlen(directory) + strlen(name) + 2);
    struct stat st;

    strcpy(path, directory);
    strcat(path, "/");
    strcat(path, name);
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The typed word is a command's name if nothing but blanks stands before it. */
static bool is_command_position(const char *text, size_t start) {
    while (start > 0 && (text[start - 1] == ' ' || text[start - 1] == '\t'))
        start--;
    return start == 0 || strchr("|&;(", text[start - 1]);
}

/* Inserts what all matches go on with; lists them if that is nothing. */
static void finish(struct editor *editor, struct matches *matches, const char *directory) {
    struct strlist *names = &matches->names;
    size_t typed = strlen(matches->prefix);
    size_t common = common_length(names);

    if (names->count > 1 && common == typed) {
        list_names(editor, names);
        return;
    }
    insert_escaped(editor, names->items[0] + typed, common - typed);
    if (names->count == 1)
        editor_insert(editor, is_directory(matches->arena, directory, names->items[0]) ? "/" : " ",
                      1);
}

void editor_complete(struct editor *editor) {
    struct matches matches = {.arena = arena_new()};
    const char *text = strbuf_text(&editor->text);
    size_t start = editor->cursor;
    const char *word, *slash;
    const char *directory = ".";

    while (start > 0 && !strchr(word_ends, text[start - 1]))
        start--;
    word = arena_strndup(matches.arena, text + start, editor->cursor - start);
    slash = strrchr(word, '/');
    matches.prefix = slash ? slash + 1 : word;
    if (slash)
        directory = slash == word ? "/" : arena_strndup(matches.arena, word, slash - word);
    if (!slash && is_command_position(text, start))
        add_commands(&matches);
    else
        add_files(&matches, directory, false);
    sort_names(&matches.names);
    if (matches.names.count > 0)
        finish(editor, &matches, directory);
    strlist_free(&matches.names);
    arena_put(matches.arena);
}
