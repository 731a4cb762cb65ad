#include <abi/elf.h>
#include <abi/errno.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <lib/string.h>
#include <mm/copy.h>
#include <mm/space.h>
#include <proc/elf.h>

#define MAX_SEGMENTS 64
#define PIE_BASE 0x1000000ul    // where a position-independent program goes

// Reads exactly `size` bytes, else -ENOEXEC: a file that ends early is no program.
static int read_exactly(struct file *file, void *to, size_t size, uint64_t at) {
    long got = file_read_kernel(file, to, size, at);
    if (got < 0)
        return got;
    return (size_t)got == size ? 0 : -ENOEXEC;
}

static bool header_valid(const Elf64_Ehdr *h) {
    return !memcmp(h->e_ident, ELFMAG, SELFMAG) && h->e_ident[EI_CLASS] == ELFCLASS64 &&
           h->e_ident[EI_DATA] == ELFDATA2LSB && h->e_machine == EM_RISCV &&
           (h->e_type == ET_EXEC || h->e_type == ET_DYN) &&
           h->e_phentsize == sizeof(Elf64_Phdr) && h->e_phnum > 0 &&
           h->e_phnum <= MAX_SEGMENTS;
}

// Everything about a segment's numbers that could hurt later.
static bool segment_valid(const Elf64_Phdr *p, uint64_t base, uint64_t file_size) {
    return p->p_memsz >= p->p_filesz && p->p_filesz <= file_size &&
           p->p_offset <= file_size - p->p_filesz && p->p_memsz <= USER_LIMIT &&
           p->p_vaddr <= USER_LIMIT - base && p->p_vaddr + base <= USER_LIMIT - p->p_memsz &&
           p->p_vaddr + base >= PAGE_SIZE &&
           p->p_vaddr % PAGE_SIZE == p->p_offset % PAGE_SIZE;
}

static unsigned rights_of(const Elf64_Phdr *p) {
    return (p->p_flags & PF_R ? ACCESS_READ : 0) | (p->p_flags & PF_W ? ACCESS_WRITE : 0) |
           (p->p_flags & PF_X ? ACCESS_EXEC : 0);
}

// The rest of the last file page belongs to the zeros that follow in memory.
static int zero_tail(struct space *space, uint64_t start, uint64_t end) {
    static const char zeros[512];
    while (start < end) {
        uint64_t piece = end - start < sizeof zeros ? end - start : sizeof zeros;
        if (space_copy_out(space, start, zeros, piece))
            return -ENOEXEC;
        start += piece;
    }
    return 0;
}

static int segment_map(struct file *file, struct space *space, const Elf64_Phdr *p,
                       uint64_t base) {
    if (!p->p_memsz)
        return 0;
    uint64_t start = p->p_vaddr + base;
    uint64_t file_end = start + p->p_filesz, end = start + p->p_memsz;
    uint64_t file_pages_end = p->p_filesz ? page_ceil(file_end) : page_floor(start);
    int error = 0;
    struct area from_file = { .start = page_floor(start), .end = file_pages_end,
                              .rights = rights_of(p), .backing = &file->backing,
                              .page = p->p_offset / PAGE_SIZE };
    struct area zeros = { .start = file_pages_end, .end = page_ceil(end), .rights = rights_of(p) };
    if (p->p_filesz)
        error = space_map(space, &from_file);
    if (!error && zeros.end > zeros.start)
        error = space_map(space, &zeros);
    if (!error && end > file_end && p->p_flags & PF_W && p->p_filesz)
        error = zero_tail(space, file_end, end < file_pages_end ? end : file_pages_end);
    // Segments that overlap are no program's.
    return error == -EEXIST ? -ENOEXEC : error;
}

static void image_note(struct elf_image *image, struct space *space, const Elf64_Ehdr *header,
                       const Elf64_Phdr *p, uint64_t base) {
    uint64_t start = p->p_vaddr + base, end = start + p->p_memsz;
    if (end > image->end)
        image->end = end;
    if (p->p_flags & PF_X) {
        space->code_start = start;
        space->code_end = end;
    } else if (p->p_flags & PF_W) {
        space->data_start = start;
        space->data_end = end;
    }
    if (p->p_offset <= header->e_phoff &&
        header->e_phoff + header->e_phnum * sizeof *p <= p->p_offset + p->p_filesz)
        image->headers = start + (header->e_phoff - p->p_offset);
}

static int segments_load(struct file *file, struct space *space, const Elf64_Ehdr *header,
                         struct elf_image *image) {
    uint64_t base = header->e_type == ET_DYN ? PIE_BASE : 0;
    bool any = false;
    for (unsigned i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr p;
        int error = read_exactly(file, &p, sizeof p, header->e_phoff + i * sizeof p);
        if (error)
            return error;
        if (p.p_type == PT_INTERP)
            return -ENOEXEC;        // dynamic programs come with their loader, later
        if (p.p_type != PT_LOAD)
            continue;
        if (!segment_valid(&p, base, file->inode->size))
            return -ENOEXEC;
        error = segment_map(file, space, &p, base);
        if (error)
            return error;
        image_note(image, space, header, &p, base);
        any = true;
    }
    image->entry = header->e_entry + base;
    image->header_count = header->e_phnum;
    return any && image->entry < USER_LIMIT ? 0 : -ENOEXEC;
}

int elf_load(struct file *file, struct space *space, struct elf_image *image) {
    Elf64_Ehdr header;
    *image = (struct elf_image){ 0 };
    int error = read_exactly(file, &header, sizeof header, 0);
    if (error)
        return error;
    if (!header_valid(&header) || header.e_phoff > file->inode->size)
        return -ENOEXEC;
    return segments_load(file, space, &header, image);
}
