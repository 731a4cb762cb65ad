/*
 * Ways down the stack, for tests. They are here so that no compiler makes a loop of the recursion, or finds
 * out what lies there.
 */
#ifndef TEST_STACK_H
#define TEST_STACK_H

/* Uses so many bytes of stack, and a little more, page after page. */
void stack_use(long bytes);

/* Writes one byte so far below the stack pointer. */
void stack_leap(long bytes);

#endif
