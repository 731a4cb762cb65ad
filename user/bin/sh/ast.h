/*
 * The tree that the parser makes and the executor walks.  All of it lives in the arena of
 * the command line that it was read from.
 */
#ifndef SH_AST_H
#define SH_AST_H

#include "mem.h"

#include <stdbool.h>

enum part_kind {
    PART_TEXT,    /* characters that stand for themselves, or for patterns */
    PART_PARAM,   /* $name, ${name op word} */
    PART_COMMAND, /* $(...) or `...` */
    PART_ARITH,   /* $((...)) */
};

enum param_op {
    PARAM_PLAIN,
    PARAM_LENGTH,      /* ${#x} */
    PARAM_DEFAULT,     /* ${x-w} */
    PARAM_ASSIGN,      /* ${x=w} */
    PARAM_ALTERNATIVE, /* ${x+w} */
    PARAM_ERROR,       /* ${x?w} */
    PARAM_PREFIX,      /* ${x#p} */
    PARAM_PREFIX_LONG, /* ${x##p} */
    PARAM_SUFFIX,      /* ${x%p} */
    PARAM_SUFFIX_LONG, /* ${x%%p} */
};

/* A piece of a word. */
struct word_part {
    struct word_part *next;
    enum part_kind kind;
    bool quoted;      /* inside quotes: no field splitting, no patterns */
    bool null_counts; /* PARAM: the operator has a colon, null is as good as unset */
    enum param_op op;
    const char *text;    /* TEXT: the characters; PARAM: the name */
    struct word *word;   /* PARAM: what follows the operator; ARITH: the expression */
    struct node *command;
};

struct word {
    struct word *next;
    struct word_part *parts;
};

struct assignment {
    struct assignment *next;
    const char *name;
    struct word *value;
};

enum redir_kind {
    REDIR_INPUT,     /* < */
    REDIR_OUTPUT,    /* > */
    REDIR_CLOBBER,   /* >| */
    REDIR_APPEND,    /* >> */
    REDIR_READWRITE, /* <> */
    REDIR_DUP,       /* <& and >& */
    REDIR_HERE,      /* << and <<- */
};

struct redir {
    struct redir *next;
    enum redir_kind kind;
    int fd;
    int line;
    struct word *word; /* file name, descriptor number, or the document's text */
};

enum node_kind {
    NODE_SIMPLE,     /* words, assignments */
    NODE_LIST,       /* children in a row */
    NODE_AND_OR,     /* children with && and || between them */
    NODE_NOT,        /* children: one */
    NODE_PIPELINE,   /* children: two or more */
    NODE_BACKGROUND, /* children: one; text is its source */
    NODE_SUBSHELL,   /* body */
    NODE_GROUP,      /* body */
    NODE_IF,         /* condition, body, otherwise (NULL, or another NODE_IF for elif) */
    NODE_WHILE,      /* condition, body */
    NODE_UNTIL,      /* condition, body */
    NODE_FOR,        /* text is the variable; words, or the positional parameters; body */
    NODE_CASE,       /* words has one; cases */
    NODE_FUNCTION,   /* text is the name; body */
};

struct case_item {
    struct case_item *next;
    struct word *patterns;
    struct node *body; /* NULL when empty */
};

struct node {
    struct node *next; /* the sibling */
    enum node_kind kind;
    int line;
    bool or_else;    /* child of AND_OR: `||` stands before it */
    bool positional; /* FOR without `in` */
    const char *text; /* with job control also the source of SIMPLE, PIPELINE, SUBSHELL */
    struct redir *redirs;
    struct assignment *assignments;
    struct word *words;
    struct case_item *cases;
    struct node *children;
    struct node *condition;
    struct node *body;
    struct node *otherwise;
    struct arena *arena; /* FUNCTION: what its body lives in */
};

#endif
