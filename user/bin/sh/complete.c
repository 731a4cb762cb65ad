/* Completion with the Tab key: commands, file names and variables. */
#include "complete_word.h"
#include "editor.h"
#include "exec.h"
#include "terminal.h"
#include "vars.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The names that begin like what was typed. */
struct matches {
    struct arena *arena;
    struct typed_word word;
    struct strlist names;
    const char *prefix;    /* what they all begin with: it is typed already */
    const char *directory; /* where the files are */
};

/* A name with control characters cannot be typed, so it is not offered. */
static void match_add(struct matches *matches, const char *name) {
    if (strncmp(name, matches->prefix, strlen(matches->prefix)) != 0)
        return;
    for (const char *c = name; *c; c++) {
        if ((unsigned char)*c < ' ')
            return;
    }
    strlist_add(&matches->names, arena_strdup(matches->arena, name));
}

static char *path_join(struct arena *arena, const char *directory, const char *name) {
    char *path = arena_alloc(arena, strlen(directory) + strlen(name) + 2);

    strcpy(path, directory);
    strcat(path, "/");
    strcat(path, name);
    return path;
}

static bool is_directory(const char *path) {
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void add_files(struct matches *matches, const char *directory, bool programs) {
    DIR *dir = opendir(directory);
    struct dirent *entry;

    while (dir && (entry = readdir(dir))) {
        const char *path;

        if (entry->d_name[0] == '.' && matches->prefix[0] != '.')
            continue;
        path = path_join(matches->arena, directory, entry->d_name);
        if (!programs || (access(path, X_OK) == 0 && !is_directory(path)))
            match_add(matches, entry->d_name);
    }
    if (dir)
        closedir(dir);
}

static void add_each(const char *name, void *matches) {
    match_add(matches, name);
}

static void add_commands(struct matches *matches) {
    const char *path = var_get("PATH");

    for (const struct builtin *builtin = builtins; builtin->name; builtin++)
        match_add(matches, builtin->name);
    functions_each(add_each, matches);
    while (path && *path) {
        size_t len = strcspn(path, ":");

        add_files(matches, arena_strndup(matches->arena, path, len), true);
        path += len + (path[len] == ':');
    }
}

/* Where the files of a typed path are: ~/ stands for a folder too. */
static const char *directory_of(struct arena *arena, const char *path, const char *slash) {
    const char *home = var_get("HOME");
    const char *directory = slash == path ? "/" : arena_strndup(arena, path, slash - path);

    if (path[0] == '~' && path[1] == '/' && home)
        directory = path_join(arena, home, slash > path + 1 ? directory + 2 : ".");
    return directory;
}

static void find_matches(struct matches *matches) {
    const struct typed_word *word = &matches->word;
    const char *slash = strrchr(word->text, '/');
    /* dd if=/dev/zero: what follows the = is a path, but a / may come later. */
    const char *equals = strrchr(word->text, '=');
    const char *path = equals ? equals + 1 : word->text;

    matches->directory = ".";
    matches->prefix = word->variable ? word->variable : path;
    if (word->variable) {
        vars_each(add_each, matches);
        return;
    }
    if (slash && slash >= path) {
        matches->prefix = slash + 1;
        matches->directory = directory_of(matches->arena, path, slash);
    }
    if (word->is_command && matches->prefix == word->text)
        add_commands(matches);
    else
        add_files(matches, matches->directory, false);
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
    while (len > 0 && is_continuation(names->items[0][len]))
        len--;
    return len;
}

/* Inserts what stands for the text itself, inside the quote that is open. */
static void insert_quoted(struct editor *editor, char quote, const char *text, size_t len) {
    const char *special = quote == '"' ? "$`\"\\" : quote ? "" : " \t|&;<>()$`\\\"'*?[#~";

    for (size_t i = 0; i < len; i++) {
        if (quote == '\'' && text[i] == '\'')
            editor_insert(editor, "'\\'", 3);
        else if (strchr(special, text[i]))
            editor_insert(editor, "\\", 1);
        editor_insert(editor, text + i, 1);
    }
}

/* In columns, as many as the screen has room for. */
static void list_names(struct editor *editor, const struct strlist *names) {
    struct strbuf *output = &editor->display.output;
    size_t cell = 0, in_row;

    strbuf_add_char(output, '\n');
    for (size_t i = 0; i < names->count; i++) {
        if (strlen(names->items[i]) + 2 > cell)
            cell = strlen(names->items[i]) + 2;
    }
    in_row = terminal_width() / cell;
    for (size_t i = 0; i < names->count; i++) {
        bool ends_row = i + 1 == names->count || in_row == 0 || (i + 1) % in_row == 0;

        strbuf_add_str(output, names->items[i]);
        for (size_t len = strlen(names->items[i]); !ends_row && len < cell; len++)
            strbuf_add_char(output, ' ');
        if (ends_row)
            strbuf_add_char(output, '\n');
    }
    display_again(&editor->display);
}

/* What follows the only name that there is. */
static void end_name(struct editor *editor, const struct matches *matches) {
    const struct typed_word *word = &matches->word;
    const char *name = matches->names.items[0];
    const char *path = word->variable ? var_get(name)
                                      : path_join(matches->arena, matches->directory, name);

    if (word->variable && word->braced) {
        editor_insert(editor, "}", 1);
    } else if (path && is_directory(path)) {
        editor_insert(editor, "/", 1);
    } else {
        if (word->quote)
            editor_insert(editor, &word->quote, 1);
        editor_insert(editor, " ", 1);
    }
}

/* Inserts what all matches go on with; if that is nothing, lists them at the second Tab. */
static void finish(struct editor *editor, const struct matches *matches, bool again) {
    const struct strlist *names = &matches->names;
    size_t typed = strlen(matches->prefix);
    size_t common = common_length(names);

    editor->was_unclear = names->count > 1;
    insert_quoted(editor, matches->word.quote, names->items[0] + typed, common - typed);
    if (names->count == 1)
        end_name(editor, matches);
    else if (again && common == typed)
        list_names(editor, names);
    else
        strbuf_add_char(&editor->display.output, '\a');
}

void editor_complete(struct editor *editor, bool again) {
    struct matches matches = {.arena = arena_new()};

    matches.word = typed_word_find(strbuf_text(&editor->text), editor->cursor, matches.arena);
    find_matches(&matches);
    sort_names(&matches.names);
    if (matches.names.count > 0)
        finish(editor, &matches, again);
    strlist_free(&matches.names);
    arena_put(matches.arena);
}
