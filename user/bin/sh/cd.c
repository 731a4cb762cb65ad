/* cd and pwd: the directory by the name that the user gave it. */
#include "builtins.h"
#include "exec.h"
#include "out.h"
#include "shell.h"
#include "vars.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *cwd_get(void) {
    size_t size = 256;
    char *path = xmalloc(size);

    while (!getcwd(path, size)) {
        if (errno != ERANGE) {
            free(path);
            return NULL;
        }
        size *= 2;
        path = xrealloc(path, size);
    }
    return path;
}

/* Adds one component to a path that begins with a slash; `..` takes the last away. */
static void path_step(struct strbuf *path, const char *name, size_t len) {
    if (len == 0 || (len == 1 && *name == '.'))
        return;
    if (len == 2 && name[0] == '.' && name[1] == '.') {
        const char *slash = strrchr(path->text, '/');

        strbuf_truncate(path, slash > path->text ? slash - path->text : 1);
        return;
    }
    if (path->len > 1)
        strbuf_add_char(path, '/');
    strbuf_add(path, name, len);
}

/* TARGET seen from the directory FROM, without dots and doubled slashes. */
static void path_resolve(struct strbuf *path, const char *from, const char *target) {
    const char *parts[2] = {*target == '/' ? "" : from, target};

    strbuf_add_char(path, '/');
    for (int i = 0; i < 2; i++) {
        const char *at = parts[i];

        while (*at) {
            size_t len = strcspn(at, "/");

            path_step(path, at, len);
            at += len + (at[len] == '/');
        }
    }
}

/* Is the name in PWD still that of the working directory? */
static bool pwd_is_valid(const char *pwd) {
    struct stat named, real;

    return pwd && *pwd == '/' && stat(pwd, &named) == 0 && stat(".", &real) == 0 &&
           named.st_dev == real.st_dev && named.st_ino == real.st_ino;
}

/* Goes to TARGET; puts the directory's name into PATH. */
static bool change_directory(const char *target, bool physical, struct strbuf *path) {
    const char *pwd = var_get("PWD");
    char *cwd;

    if (!physical && (*target == '/' || pwd_is_valid(pwd))) {
        path_resolve(path, pwd ? pwd : "/", target);
        if (chdir(path->text) == 0)
            return true;
        strbuf_truncate(path, 0);
    }
    if (chdir(target) < 0)
        return false;
    cwd = cwd_get();
    strbuf_add_str(path, cwd ? cwd : target);
    free(cwd);
    return true;
}

/* Takes -L and -P; returns the first operand's index. */
static int take_options(int argc, char **argv, bool *physical) {
    int i = 1;

    *physical = false;
    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (strcmp(argv[i], "--") == 0)
            return i + 1;
        *physical = argv[i][1] == 'P';
    }
    return i;
}

int builtin_cd(int argc, char **argv) {
    bool physical;
    int i = take_options(argc, argv, &physical);
    const char *target = i < argc ? argv[i] : var_get("HOME");
    bool back = target && strcmp(target, "-") == 0;
    struct strbuf path = {0};
    bool done;

    if (back)
        target = var_get("OLDPWD");
    if (!target) {
        shell_error("cd: %s is not set", back ? "OLDPWD" : "HOME");
        return 1;
    }
    done = change_directory(*target ? target : ".", physical, &path);
    if (done) {
        const char *old = var_get("PWD");

        if (back)
            out_format("%s\n", path.text);
        if (old)
            var_set("OLDPWD", old);
        var_set("PWD", path.text);
    } else {
        shell_error("cd: %s: %s", target, strerror(errno));
    }
    strbuf_free(&path);
    return !done;
}

int builtin_pwd(int argc, char **argv) {
    const char *pwd = var_get("PWD");
    bool physical;
    char *cwd;

    take_options(argc, argv, &physical);
    if (!physical && pwd_is_valid(pwd)) {
        out_format("%s\n", pwd);
        return 0;
    }
    cwd = cwd_get();
    if (!cwd) {
        shell_error("pwd: %s", strerror(errno));
        return 1;
    }
    out_format("%s\n", cwd);
    free(cwd);
    return 0;
}
