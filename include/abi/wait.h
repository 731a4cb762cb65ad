/*
 * wait4 and waitid: options and the status word.
 */
#ifndef ABI_WAIT_H
#define ABI_WAIT_H

#define WNOHANG     0x00000001
#define WUNTRACED   0x00000002
#define WSTOPPED    WUNTRACED
#define WEXITED     0x00000004
#define WCONTINUED  0x00000008
#define WNOWAIT     0x01000000
#define __WNOTHREAD 0x20000000
#define __WALL      0x40000000
#define __WCLONE    0x80000000

/* waitid's first argument. */
#define P_ALL   0
#define P_PID   1
#define P_PGID  2
#define P_PIDFD 3

/*
 * The status word. Low 7 bits: 0 for an exit (its code in the next byte), 0x7f for a stop (its
 * signal in the next byte), else the signal that killed; bit 7 says that a core was dumped.
 * 0xffff stands for "continued".
 */
#define WEXITSTATUS(status)  (((status) >> 8) & 0xff)
#define WTERMSIG(status)     ((status) & 0x7f)
#define WSTOPSIG(status)     WEXITSTATUS(status)
#define WCOREDUMP(status)    ((status) & 0x80)
#define WIFEXITED(status)    (WTERMSIG(status) == 0)
#define WIFSTOPPED(status)   (((status) & 0xff) == 0x7f)
#define WIFSIGNALED(status)  (!WIFEXITED(status) && !WIFSTOPPED(status) && !WIFCONTINUED(status))
#define WIFCONTINUED(status) ((status) == 0xffff)

/* How the kernel makes one. */
#define W_EXITCODE(code, sig) (((code) & 0xff) << 8 | (sig))
#define W_STOPCODE(sig)       ((sig) << 8 | 0x7f)
#define W_CONTINUED           0xffff

#endif
