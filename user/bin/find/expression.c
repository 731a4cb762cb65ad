/* find: the operators. -o binds least, then -a (which may be left out), then "!". */
#include <string.h>

#include "../common/cmd.h"
#include "../common/number.h"
#include "find.h"

static char **words;            /* what is not yet parsed */

static struct test *or_parse(void);

struct test *test_new(test_run run) {
    struct test *test = cmd_alloc(sizeof(*test));
    memset(test, 0, sizeof(*test));
    test->run = run;
    return test;
}

static bool not_run(struct test *test, const struct tree_node *node) {
    return !test->left->run(test->left, node);
}

static bool and_run(struct test *test, const struct tree_node *node) {
    return test->left->run(test->left, node) && test->right->run(test->right, node);
}

static bool or_run(struct test *test, const struct tree_node *node) {
    return test->left->run(test->left, node) || test->right->run(test->right, node);
}

static bool true_run(struct test *test, const struct tree_node *node) {
    (void)test;
    (void)node;
    return true;
}

static struct test *pair_new(test_run run, struct test *left, struct test *right) {
    struct test *test = test_new(run);
    test->left = left;
    test->right = right;
    return test;
}

static bool word_is(const char *text) {
    return *words && strcmp(*words, text) == 0;
}

static bool word_take(const char *text) {
    if (!word_is(text))
        return false;
    words++;
    return true;
}

/* Options hold for the whole walk, wherever they stand. */
static bool option_take(void) {
    if (word_take("-depth")) {
        expression.leave_first = true;
    } else if (word_take("-xdev") || word_take("-mount")) {
        expression.one_device = true;
    } else if (word_is("-maxdepth") || word_is("-mindepth")) {
        long long *limit = word_is("-maxdepth") ? &expression.depth_max : &expression.depth_min;
        if (words[1] == NULL)
            cmd_die("missing argument to '%s'", *words);
        *limit = number_require(words[1], "depth");
        words += 2;
    } else {
        return false;
    }
    return true;
}

static struct test *not_parse(void) {
    if (*words == NULL)
        cmd_die("the expression ends too early");
    if (word_take("!") || word_take("-not"))
        return pair_new(not_run, not_parse(), NULL);
    if (word_take("(")) {
        struct test *inner = or_parse();
        if (!word_take(")"))
            cmd_die("missing ')'");
        return inner;
    }
    if (option_take())
        return test_new(true_run);
    struct test *test = primary_make(&words);
    if (test == NULL)
        cmd_die("unknown predicate '%s'", *words);
    return test;
}

static struct test *and_parse(void) {
    struct test *left = not_parse();
    for (;;) {
        bool explicit = word_take("-a") || word_take("-and");
        if (!explicit && (*words == NULL || word_is("-o") || word_is("-or") || word_is(")")))
            return left;
        left = pair_new(and_run, left, not_parse());
    }
}

static struct test *or_parse(void) {
    struct test *left = and_parse();
    while (word_take("-o") || word_take("-or"))
        left = pair_new(or_run, left, and_parse());
    return left;
}

void expression_parse(char **argv) {
    static char *print_words[] = { "-print", NULL };
    words = argv;
    expression.root = *words ? or_parse() : test_new(true_run);
    if (*words)
        cmd_die("unexpected '%s'", *words);
    if (!expression.acts) {
        words = print_words;
        expression.root = pair_new(and_run, expression.root, primary_make(&words));
    }
}

bool expression_run(const struct tree_node *node) {
    return expression.root->run(expression.root, node);
}
