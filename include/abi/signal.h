/*
 * Signals: numbers, actions, what a handler is given, and the frame that rt_sigreturn reads.
 */
#ifndef ABI_SIGNAL_H
#define ABI_SIGNAL_H

#include <abi/types.h>

#define SIGHUP    1
#define SIGINT    2
#define SIGQUIT   3
#define SIGILL    4
#define SIGTRAP   5
#define SIGABRT   6
#define SIGIOT    SIGABRT
#define SIGBUS    7
#define SIGFPE    8
#define SIGKILL   9
#define SIGUSR1   10
#define SIGSEGV   11
#define SIGUSR2   12
#define SIGPIPE   13
#define SIGALRM   14
#define SIGTERM   15
#define SIGSTKFLT 16
#define SIGCHLD   17
#define SIGCONT   18
#define SIGSTOP   19
#define SIGTSTP   20
#define SIGTTIN   21
#define SIGTTOU   22
#define SIGURG    23
#define SIGXCPU   24
#define SIGXFSZ   25
#define SIGVTALRM 26
#define SIGPROF   27
#define SIGWINCH  28
#define SIGIO     29
#define SIGPOLL   SIGIO
#define SIGPWR    30
#define SIGSYS    31
#define SIGRTMIN  32 /* the kernel's; C libraries keep the first few for themselves */
#define SIGRTMAX  64

/* A set has a bit for each signal, bit (number - 1); the calls want its size in bytes too. */
#define _NSIG       65
#define SIGSET_SIZE 8

typedef struct {
    unsigned long bits;
} sigset_t;

_Static_assert(sizeof(sigset_t) == SIGSET_SIZE, "sigset_t");

typedef union sigval {
    int sival_int;
    void *sival_ptr;
} sigval_t;

/*
 * si_code says where a signal came from, and with it which part of the union is filled:
 * ids for kill and SIGCHLD, a timer, or the address of a fault.
 */
typedef struct siginfo {
    int si_signo;
    int si_errno;
    int si_code;
    int si_pad0;
    union {
        struct {
            int pid;
            uid_t uid;
            union {
                sigval_t value;
                struct {
                    int status;
                    int pad;
                    clock_t utime;
                    clock_t stime;
                } child;
            };
        } sender;
        struct {
            timer_t id;
            int overrun;
            sigval_t value;
        } timer;
        struct {
            void *addr;
        } fault;
        char pad[112];
    } si_u;
} siginfo_t;

#define si_pid     si_u.sender.pid
#define si_uid     si_u.sender.uid
#define si_value   si_u.sender.value
#define si_int     si_u.sender.value.sival_int
#define si_ptr     si_u.sender.value.sival_ptr
#define si_status  si_u.sender.child.status
#define si_utime   si_u.sender.child.utime
#define si_stime   si_u.sender.child.stime
#define si_timerid si_u.timer.id
#define si_overrun si_u.timer.overrun
#define si_addr    si_u.fault.addr

_Static_assert(sizeof(siginfo_t) == 128, "siginfo_t");
_Static_assert(offsetof(siginfo_t, si_u) == 16, "siginfo_t");
_Static_assert(offsetof(siginfo_t, si_status) == 24, "siginfo_t");
_Static_assert(offsetof(siginfo_t, si_utime) == 32, "siginfo_t");

#define SI_USER   0
#define SI_KERNEL 0x80
#define SI_QUEUE  (-1)
#define SI_TIMER  (-2)
#define SI_TKILL  (-6)

#define ILL_ILLOPC  1
#define ILL_ILLTRP  4
#define ILL_PRVOPC  5
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRALN  1
#define BUS_ADRERR  2
#define BUS_OBJERR  3
#define TRAP_BRKPT  1
#define TRAP_TRACE  2

#define CLD_EXITED    1
#define CLD_KILLED    2
#define CLD_DUMPED    3
#define CLD_TRAPPED   4
#define CLD_STOPPED   5
#define CLD_CONTINUED 6

/*
 * rt_sigaction's argument. RISC-V has no sa_restorer: a handler returns to a trampoline that
 * the kernel supplies.
 */
struct sigaction {
    union {
        void (*sa_handler)(int);
        void (*sa_sigaction)(int, siginfo_t *, void *);
    };
    unsigned long sa_flags;
    sigset_t sa_mask;
};

_Static_assert(sizeof(struct sigaction) == 24, "struct sigaction");

#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)
#define SIG_ERR ((void (*)(int)) - 1)

#define SA_NOCLDSTOP 0x00000001
#define SA_NOCLDWAIT 0x00000002
#define SA_SIGINFO   0x00000004
#define SA_ONSTACK   0x08000000
#define SA_RESTART   0x10000000
#define SA_NODEFER   0x40000000
#define SA_RESETHAND 0x80000000

#define SIG_BLOCK   0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

/* sigaltstack. */
typedef struct {
    void *ss_sp;
    int ss_flags;
    size_t ss_size;
} stack_t;

_Static_assert(sizeof(stack_t) == 24, "stack_t");

#define SS_ONSTACK  1
#define SS_DISABLE  2
#define SS_AUTODISARM 0x80000000 /* no stack for signals while a handler runs */
#define MINSIGSTKSZ 2048
#define SIGSTKSZ    8192

/* Where a POSIX timer's expiry goes. */
typedef struct sigevent {
    sigval_t sigev_value;
    int sigev_signo;
    int sigev_notify;
    union {
        int tid;
        int pad[12];
    } sigev_u;
} sigevent_t;

#define sigev_notify_thread_id sigev_u.tid

_Static_assert(sizeof(sigevent_t) == 64, "sigevent_t");

#define SIGEV_SIGNAL    0
#define SIGEV_NONE      1
#define SIGEV_THREAD_ID 4

/*
 * The registers in a signal frame: pc, then x1 to x31, then the floating-point file in a
 * block that is large enough for quad precision.
 */
struct riscv_d_state {
    uint64_t f[32];
    uint32_t fcsr;
};

struct sigcontext {
    uint64_t sc_regs[32];
    union {
        struct riscv_d_state d;
        uint64_t block[66] __attribute__((aligned(16)));
    } sc_fpregs;
};

typedef struct sigcontext mcontext_t;

typedef struct ucontext {
    unsigned long uc_flags;
    struct ucontext *uc_link;
    stack_t uc_stack;
    sigset_t uc_sigmask;
    char uc_reserved[120]; /* a sigset_t of 1024 bits would end here */
    mcontext_t uc_mcontext;
} ucontext_t;

/* On the user's stack, sp pointing at it when the handler starts. */
struct rt_sigframe {
    siginfo_t info;
    ucontext_t uc;
};

_Static_assert(sizeof(struct sigcontext) == 784, "struct sigcontext");
_Static_assert(offsetof(ucontext_t, uc_sigmask) == 40, "ucontext_t");
_Static_assert(offsetof(ucontext_t, uc_mcontext) == 176, "ucontext_t");
_Static_assert(sizeof(ucontext_t) == 960, "ucontext_t");
_Static_assert(sizeof(struct rt_sigframe) == 1088, "struct rt_sigframe");

#endif
