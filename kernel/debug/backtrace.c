#include <debug/backtrace.h>
#include <debug/log.h>
#include <debug/symbols.h>
#include <lib/format.h>
#include <riscv/frame.h>
#include <riscv/layout.h>
#include <stdarg.h>

#define MAX_CALLS 48

extern const char trap_vector[], thread_begin_user[], boot_stack[], boot_stack_top[];

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

// May the 16 bytes below `fp` and a trap frame from `fp` on be read?
static bool in_kernel_stack(uint64_t fp) {
    if (fp % 8)
        return false;
    if (fp >= (uint64_t)boot_stack + 16 && fp <= (uint64_t)boot_stack_top)
        return true;
    // Bit STACK_SHIFT of (fp - 16) is set in the mapped half of a slot.
    return fp >= STACKS_BASE && fp < STACKS_LIMIT && ((fp - 16) >> STACK_SHIFT & 1);
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

static bool same_function(uint64_t a, uint64_t b) {
    uint64_t offset_a, offset_b;
    const char *name = symbol_find(a, &offset_a);
    return name && name == symbol_find(b, &offset_b);
}

// Was the interrupted function one that had not called anybody yet, so that its return address
// is still in ra alone? Otherwise ra points into the function itself (behind its last call), or
// is what its frame says too.
static bool interrupted_leaf(const struct trap_frame *frame) {
    return symbol_is_text(frame->ra) && !same_function(frame->ra, frame->pc) &&
           frame->ra != *(uint64_t *)(frame->s0 - 8);
}

// Prints the trap that interrupted the chain: the frame pointer to go on with, 0 at the end.
static uint64_t cross_trap(const struct trap_frame *frame) {
    print_polled("  -- trap: cause %lx, value %lx --\n", frame->cause, frame->value);
    if (frame_from_user(frame)) {
        print_polled("  user+0x%lx\n", frame->pc);
        return 0;
    }
    print_place(frame->pc);
    uint64_t fp = frame->s0;
    if (!in_kernel_stack(fp))
        return 0;
    if (interrupted_leaf(frame))
        print_place(frame->ra - 2);
    // A leaf with a frame keeps only the caller's fp there, where others keep the return address.
    uint64_t saved = *(uint64_t *)(fp - 8);
    return symbol_is_text(saved) || in_door(saved) ? fp : saved;
}

// The convention (psABI, "frame pointer"): fp is the stack pointer before the call; below it
// stand the return address and the caller's fp.
void backtrace_print(uint64_t fp) {
    for (int calls = 0; calls < MAX_CALLS && in_kernel_stack(fp); calls++) {
        uint64_t return_address = *(uint64_t *)(fp - 8);
        uint64_t caller = *(uint64_t *)(fp - 16);
        if (in_door(return_address)) {
            // The door called with sp at the frame, and that is where this fp points.
            fp = cross_trap((const struct trap_frame *)fp);
            continue;
        }
        if (!symbol_is_text(return_address))
            return;
        // The call is the instruction before the return address.
        print_place(return_address - 2);
        fp = caller;
    }
}
