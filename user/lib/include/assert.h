/*
 * <assert.h>: a broken invariant ends the program with SIGABRT.
 */
#ifndef USER_ASSERT_H
#define USER_ASSERT_H

#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) \
    ((condition) ? (void)0 : assert_failed(#condition, __FILE__, __LINE__, __func__))
#endif

#define static_assert _Static_assert

void assert_failed(const char *condition, const char *file, int line, const char *function)
    __attribute__((noreturn));

#endif
