// Unwinding by .eh_frame: call frame information in DWARF's format (DWARF 4, 6.4; the section's
// own layout: Linux Standard Base, "Exception Frames").
//
// For each function there is an entry (FDE) with a small program. Run up to an address, it tells
// where there the caller's stack pointer (the CFA), its return address and its s0 are. Entries of
// one compilation share a beginning (CIE).
#include <debug/symbols.h>
#include <debug/unwind.h>
#include <riscv/layout.h>
#include <lib/string.h>

extern const uint8_t __unwind_start[], __unwind_end[];
extern const char boot_stack[], boot_stack_top[];

#define REG_RA 1                // psABI: DWARF register numbers
#define REG_SP 2
#define REG_S0 8
#define PCREL_SDATA4 0x1b       // how addresses are encoded; compilers use no other here
#define REMEMBERED 4

// Where the caller's registers are, at one place of a function. At 0 bytes from the CFA would be the
// caller's own stack: it stands for "still in the register".
struct rules {
    uint64_t cfa_register;
    int64_t cfa_offset;
    int64_t ra_at, s0_at;       // from the CFA
};

struct program {
    const uint8_t *at, *end;
    uint64_t code_align;
    int64_t data_align;
};

static uint64_t read_uleb(const uint8_t **at) {
    uint64_t value = 0;
    unsigned shift = 0;
    do
        value |= (uint64_t)(**at & 0x7f) << shift, shift += 7;
    while (*(*at)++ & 0x80);
    return value;
}

static int64_t read_sleb(const uint8_t **at) {
    const uint8_t *start = *at;
    uint64_t value = read_uleb(at);
    unsigned bits = 7 * (*at - start);
    return (int64_t)(value << (64 - bits)) >> (64 - bits);
}

static uint64_t read_fixed(const uint8_t **at, unsigned size) {
    uint64_t value = 0;
    memcpy(&value, *at, size);
    *at += size;
    return value;
}

static void rule_set(struct rules *rules, uint64_t reg, int64_t at) {
    if (reg == REG_RA)
        rules->ra_at = at;
    else if (reg == REG_S0)
        rules->s0_at = at;
}

static void rule_restore(struct rules *rules, uint64_t reg, const struct rules *initial) {
    rule_set(rules, reg, reg == REG_RA ? initial->ra_at : initial->s0_at);
}

// The instructions (DW_CFA_...) that have a byte of their own; false for one that compilers do not
// use for C. How far the place moves goes to *advance.
static bool run_extended(struct program *program, uint8_t code, struct rules *rules,
                         struct rules *remembered, unsigned *depth, uint64_t *advance) {
    const uint8_t **at = &program->at;
    uint64_t reg;
    switch (code) {
    case 0x00: return true;                                         // nop
    case 0x02: *advance = read_fixed(at, 1); return true;           // advance_loc1
    case 0x03: *advance = read_fixed(at, 2); return true;           // advance_loc2
    case 0x04: *advance = read_fixed(at, 4); return true;           // advance_loc4
    case 0x05:                                                      // offset_extended
        reg = read_uleb(at);
        rule_set(rules, reg, (int64_t)read_uleb(at) * program->data_align);
        return true;
    case 0x07: case 0x08: read_uleb(at); return true;               // undefined, same_value
    case 0x0a:                                                      // remember_state
        if (*depth == REMEMBERED)
            return false;
        remembered[(*depth)++] = *rules;
        return true;
    case 0x0b:                                                      // restore_state
        if (*depth == 0)
            return false;
        *rules = remembered[--*depth];
        return true;
    case 0x0c:                                                      // def_cfa
        rules->cfa_register = read_uleb(at);
        rules->cfa_offset = read_uleb(at);
        return true;
    case 0x0d: rules->cfa_register = read_uleb(at); return true;    // def_cfa_register
    case 0x0e: rules->cfa_offset = read_uleb(at); return true;      // def_cfa_offset
    default: return false;
    }
}

// Runs the program up to `offset` bytes into the function.
static bool run(struct program program, uint64_t offset, struct rules *rules) {
    const struct rules initial = *rules;
    struct rules remembered[REMEMBERED];
    unsigned depth = 0;
    uint64_t place = 0;
    while (program.at < program.end && place <= offset) {
        uint8_t code = *program.at++, low = code & 0x3f;
        uint64_t advance = 0;
        switch (code >> 6) {
        case 1: advance = low; break;                               // advance_loc
        case 2:                                                     // offset
            rule_set(rules, low, (int64_t)read_uleb(&program.at) * program.data_align);
            break;
        case 3: rule_restore(rules, low, &initial); break;          // restore
        default:
            if (!run_extended(&program, low, rules, remembered, &depth, &advance))
                return false;
        }
        place += advance * program.code_align;
        if (advance && place > offset)
            break;
    }
    return true;
}

// Reads a CIE, whose initial program gives the rules at a function's first instruction.
static bool read_cie(const uint8_t *entry, struct program *program, struct rules *rules) {
    const uint8_t *at = entry + 9;                          // behind length, id and version
    uint64_t length = read_fixed(&entry, 4);
    // "z": a length follows; "R": so does the encoding of addresses.
    if (memcmp(at, "zR", 3))
        return false;
    at += 3;
    program->code_align = read_uleb(&at);
    program->data_align = read_sleb(&at);
    read_uleb(&at);                                         // the return address's register
    if (read_uleb(&at) != 1 || *at++ != PCREL_SDATA4)
        return false;
    program->at = at;
    program->end = entry + length;
    *rules = (struct rules){ .cfa_register = REG_SP };
    return run(*program, UINT64_MAX, rules);
}

// The rules at `pc`: false if no function that the tables know is there.
static bool find_rules(uint64_t pc, struct rules *rules) {
    const uint8_t *entry = __unwind_start;
    while (entry + 4 < __unwind_end) {
        const uint8_t *at = entry;
        uint64_t length = read_fixed(&at, 4);
        const uint8_t *id = at, *next = at + length;
        uint64_t back = length ? read_fixed(&at, 4) : 0;
        entry = next;
        if (!back)                                          // a CIE, or padding
            continue;
        uint64_t first = (uint64_t)at;
        first += (int64_t)(int32_t)read_fixed(&at, 4);
        uint64_t size = read_fixed(&at, 4);
        if (pc - first >= size)
            continue;
        struct program program;
        if (!read_cie(id - back, &program, rules))
            return false;
        uint64_t extra = read_uleb(&at);
        program.at = at + extra;
        program.end = next;
        return run(program, pc - first, rules);
    }
    return false;
}

static bool in_kernel_stack(uint64_t address) {
    if (address % 8)
        return false;
    if (address >= (uint64_t)boot_stack && address < (uint64_t)boot_stack_top)
        return true;
    // Bit STACK_SHIFT is set in the mapped half of a slot.
    return address >= STACKS_BASE && address < STACKS_LIMIT && (address >> STACK_SHIFT & 1);
}

// What stands at `at` from the CFA, or the register itself.
static bool recover(uint64_t cfa, int64_t at, uint64_t *value) {
    if (!at)
        return true;
    if (!in_kernel_stack(cfa + at))
        return false;
    *value = *(uint64_t *)(cfa + at);
    return true;
}

bool unwind_step(struct call_state *state) {
    struct rules rules = { .cfa_register = REG_SP };
    // Assembly without entries is a leaf that leaves the stack alone, or has no caller.
    if (!find_rules(state->exact ? state->pc : state->pc - 1, &rules) && !state->exact)
        return false;
    uint64_t cfa = (rules.cfa_register == REG_S0 ? state->s0 : state->sp) + rules.cfa_offset;
    if (!recover(cfa, rules.ra_at, &state->ra) || !recover(cfa, rules.s0_at, &state->s0))
        return false;
    // A caller further out has its return address in its own frame, never in the register.
    bool stuck = !rules.ra_at && !state->exact;
    state->pc = state->ra;
    state->sp = cfa;
    state->exact = false;
    return !stuck && symbol_is_text(state->pc);
}
