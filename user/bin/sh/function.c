/* Functions: bodies that outlive the command line that defined them. */
#include "exec.h"
#include "shell.h"
#include "vars.h"

#include <stdlib.h>
#include <string.h>

struct function {
    struct function *next;
    char *name;
    const struct node *body;
    struct arena *arena; /* one reference: where body lives */
};

static struct function *functions;

static struct function **function_slot(const char *name) {
    struct function **slot = &functions;

    while (*slot && strcmp((*slot)->name, name) != 0)
        slot = &(*slot)->next;
    return slot;
}

const struct function *function_find(const char *name) {
    return *function_slot(name);
}

void functions_each(void (*visit)(const char *name, void *argument), void *argument) {
    for (const struct function *function = functions; function; function = function->next)
        visit(function->name, argument);
}

bool function_unset(const char *name) {
    struct function **slot = function_slot(name);
    struct function *function = *slot;

    if (!function)
        return false;
    *slot = function->next;
    arena_put(function->arena);
    free(function->name);
    free(function);
    return true;
}

void function_define(const struct node *node) {
    struct function *function = xmalloc(sizeof(*function));

    function_unset(node->text);
    function->name = xstrdup(node->text);
    function->body = node->body;
    function->arena = arena_get(node->arena);
    function->next = functions;
    functions = function;
}

int function_call(const struct function *function, int argc, char **argv) {
    /* The function may redefine itself while it runs. */
    struct arena *arena = arena_get(function->arena);
    struct params old = params_replace(argv + 1, argc - 1);
    int loop_depth = shell.loop_depth;
    struct var_scope scope;
    int status;

    shell.loop_depth = 0;
    shell.return_depth++;
    var_scope_push(&scope, true);
    status = exec_node(function->body, 0);
    if (shell.unwind == UNWIND_RETURN) {
        shell.unwind = UNWIND_NONE;
        status = shell.status;
    }
    var_scope_pop();
    shell.return_depth--;
    shell.loop_depth = loop_depth;
    params_restore(old);
    arena_put(arena);
    return status;
}
