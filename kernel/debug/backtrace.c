#include <debug/backtrace.h>
#include <debug/log.h>
#include <debug/symbols.h>
#include <lib/format.h>
#include <riscv/frame.h>
#include <stdarg.h>

#define MAX_CALLS 48

extern const char trap_vector[], thread_begin_user[];

static void emit_polled(void *unused, const char *text, size_t size) {
    (void)unused;
    log_write_polled(text, size);
}

void print_polled(const char *message, ...) {
    va_list arguments;
    va_start(arguments, message);
    format(emit_polled, NULL, message, arguments);
    va_end(arguments);
}

static bool in_door(uint64_t address) {
    return address >= (uint64_t)trap_vector && address < (uint64_t)thread_begin_user;
}

static void print_place(uint64_t pc) {
    uint64_t offset;
    const char *name = symbol_is_text(pc) ? symbol_find(pc, &offset) : NULL;
    if (name)
        print_polled("  %016lx %s+0x%lx\n", pc, name, offset);
    else
        print_polled("  %016lx ?\n", pc);
}

// The state of what the trap interrupted; false if that was the user's.
static bool cross_trap(const struct trap_frame *frame, struct call_state *state) {
    print_polled("  -- trap: cause %lx, value %lx --\n", frame->cause, frame->value);
    if (frame_from_user(frame)) {
        print_polled("  user+0x%lx\n", frame->pc);
        return false;
    }
    *state = (struct call_state){ .pc = frame->pc, .sp = frame->sp, .ra = frame->ra,
                                  .s0 = frame->s0, .exact = true };
    return true;
}

void backtrace_print(struct call_state state) {
    for (int calls = 0; calls < MAX_CALLS; calls++) {
        // The call is the instruction before the return address.
        print_place(state.exact ? state.pc : state.pc - 2);
        if (!unwind_step(&state))
            return;
        // The door calls with sp at the frame.
        if (in_door(state.pc) && !cross_trap((const struct trap_frame *)state.sp, &state))
            return;
    }
}
