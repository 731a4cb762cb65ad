# How the kernel, the programs and the images are made. Included by the Makefile after
# build/machine.mk, which says where the tools are.

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SECONDARY:

# say VERB,FILE: one short line for each step, or with V=1 the commands themselves.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s%s\n' '$1' '$2')

# In CI a warning is an error, the linker's too.
STRICT := $(filter true,$(CI))
WARNINGS := -Wall -Wextra $(if $(STRICT),-Werror)
LINK_OPTIONS := -nostdlib -static $(if $(STRICT),-Wl$(comma)--fatal-warnings) \
	-Wl,--build-id=none,-z,noexecstack,-z,max-page-size=4096
# For gdb.
DEBUG_INFO := -g
COMPILER_INCLUDE := $(shell $(CC) $(CC_TARGET) -print-file-name=include)
COMMON_FLAGS := $(CC_TARGET) -std=gnu11 -O2 $(DEBUG_INFO) -ffreestanding -nostdinc -isystem $(COMPILER_INCLUDE) \
	-fno-pic -fno-stack-protector -fomit-frame-pointer -fno-common -mcmodel=medany $(WARNINGS)

# What is compiled otherwise has a folder of its own, so that going to and fro between compilers, or with
# and without CI, compiles nothing anew. One set of programs and images is made of the objects in use.
OBJ := $(subst $() ,-,build/$(strip obj $(if $(LLVM),llvm) $(notdir $(CROSS:%-=%)) $(STRICT:true=strict)))

# remember FILE,TEXT: a stamp, a file that changes exactly when flags or a list of files do. The plus is for
# `make -n`, which would otherwise say that everything must be made.
define remember
$1: FORCE
	+@mkdir -p $$(@D)
	+@echo '$2' | cmp -s - $$@ || echo '$2' >$$@
endef

# --- kernel ---------------------------------------------------------------------------------------

# The kernel carries its unwind tables for backtraces: see kernel/debug/unwind.c.
KERNEL_FLAGS := $(COMMON_FLAGS) -march=$(KERNEL_MARCH) -mabi=lp64 -fasynchronous-unwind-tables \
	-Wframe-larger-than=1024 -Wvla -Wmissing-prototypes -Wstrict-prototypes \
	-Iinclude -Ikernel -I$(OBJ)
# Who waits stands in lists with what lies on its own stack: gcc 14 takes some of these for addresses that
# outlive their function. (clang does not know the name.)
KERNEL_FLAGS += $(if $(findstring clang,$(CC)),,-Wno-dangling-pointer)
# The debug build of the allocators (mm/heap_debug.h). Calls at a function's end stay calls there, so
# that a return address names the caller. It is compiled in two thirds of the time with -O1.
HEAP_DEBUG := $(filter-out 0,$(DEBUG_HEAP))
KERNEL_FLAGS += $(if $(HEAP_DEBUG),-DDEBUG_HEAP=1 -O1 -fno-optimize-sibling-calls,-DDEBUG_HEAP=0)

KERNEL_LINK := $(CC) $(CC_TARGET) $(LD_TARGET) -march=$(KERNEL_MARCH) -mabi=lp64 $(LINK_OPTIONS) \
	-Wl,--orphan-handling=warn -T linker/kernel.ld

OFFSETS_SOURCE := $(wildcard kernel/riscv/offsets.c)
KERNEL_SOURCES := $(filter-out $(OFFSETS_SOURCE),$(sort $(shell find kernel -name '*.c' -o -name '*.S' 2>/dev/null)))
KERNEL_LINKED := $(filter-out $(if $(HEAP_DEBUG),,%/heap_debug.c),$(KERNEL_SOURCES))
KERNEL_OBJECTS := $(KERNEL_LINKED:%=$(OBJ)/%.o)
KERNEL_ASSEMBLY := $(filter %.S.o,$(KERNEL_OBJECTS))

$(OBJ)/kernel/%.c.o: kernel/%.c $(OBJ)/kernel.flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(KERNEL_FLAGS) $(FILE_FLAGS) -MMD -MP -c $< -o $@

$(OBJ)/kernel/%.S.o: kernel/%.S $(OBJ)/kernel.flags
	$(call say,AS,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(KERNEL_FLAGS) $(FILE_FLAGS) -D__ASSEMBLY__ -MMD -MP -c $< -o $@

# Otherwise gcc turns the loop inside memset into a call of memset.
%/kernel/lib/string.c.o: FILE_FLAGS := $(if $(findstring clang,$(CC)),,-fno-tree-loop-distribute-patterns)

# It alone saves and loads the user's floating-point registers.
%/kernel/riscv/context.S.o: FILE_FLAGS := -march=rv64gc

# The offsets that assembly uses: offsets.c is compiled to assembly, never linked, and its lines
# "->NAME VALUE" become #defines.
ifneq ($(OFFSETS_SOURCE),)
$(OBJ)/gen/offsets.s: $(OFFSETS_SOURCE) $(OBJ)/kernel.flags
	$(call say,OFFSETS,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(KERNEL_FLAGS) -MMD -MP -MF $(OBJ)/gen/offsets.d -MT $@ -S $< -o $@

$(OBJ)/gen/offsets.h: $(OBJ)/gen/offsets.s
	$(Q)sed -n 's/^[^-]*->\([A-Za-z0-9_]*\) [$$#]*\(-*[0-9x]*\).*/#define \1 \2/p' $< >$@.new
	$(Q)mv $@.new $@

$(KERNEL_ASSEMBLY): $(OBJ)/gen/offsets.h
endif

# The names of system calls, for the log: from the same lines as their numbers.
$(OBJ)/gen/call_names.h: include/abi/syscall.h
	$(Q)mkdir -p $(@D)
	$(Q)sed -n 's/^#define SYS_\([a-z0-9_]*\) .*/[SYS_\1] = "\1",/p' $< >$@.new
	$(Q)mv $@.new $@

$(OBJ)/kernel/syscall/missing.c.o: $(OBJ)/gen/call_names.h

# The kernel carries its own symbol table. It is linked twice: with an empty table to learn the
# addresses, then with the table filled; the check is that no function moved.
$(OBJ)/gen/ksyms-1.s: tools/mksyms.py
	$(Q)mkdir -p $(@D)
	$(Q)$(PYTHON) tools/mksyms.py --empty >$@

$(OBJ)/gen/ksyms-2.s: build/kernel-1.nm
	$(Q)$(PYTHON) tools/mksyms.py $< >$@

$(OBJ)/gen/%.o: $(OBJ)/gen/%.s
	$(Q)$(CC) $(CC_TARGET) -march=$(KERNEL_MARCH) -mabi=lp64 -c $< -o $@

build/kernel-1.elf: $(OBJ)/gen/ksyms-1.o $(KERNEL_OBJECTS) linker/kernel.ld build/kernel.list
	$(Q)$(KERNEL_LINK) $(KERNEL_OBJECTS) $< -o $@

build/kernel.elf: $(OBJ)/gen/ksyms-2.o $(KERNEL_OBJECTS) linker/kernel.ld build/kernel.list
	$(call say,LINK,$@)
	$(Q)$(KERNEL_LINK) $(KERNEL_OBJECTS) $< -o $@.new
	$(Q)$(NM) -n $@.new >build/kernel.nm
	$(Q)$(PYTHON) tools/mksyms.py --check build/kernel-1.nm build/kernel.nm
	$(Q)mv $@.new $@

build/%.nm: build/%.elf
	$(Q)$(NM) -n $< >$@

# --- user programs --------------------------------------------------------------------------------

# The library's headers come before the compiler's: clang's limits.h does not look for ours. They are
# "system" headers to it, so -MD and not -MMD lists what an object depends on.
USER_FLAGS := -isystem user/lib/include $(COMMON_FLAGS) -march=rv64gc -mabi=lp64d \
	-fno-asynchronous-unwind-tables -fno-unwind-tables -ffunction-sections -fdata-sections \
	-ftls-model=local-exec -Iinclude -Ikernel
USER_LINK := $(CC) $(CC_TARGET) $(LD_TARGET) -march=rv64gc -mabi=lp64d $(LINK_OPTIONS) $(LD_QUIET) \
	-Wl,--gc-sections -T linker/user.ld

objects = $(addprefix $(OBJ)/user/,$(addsuffix .o,$1))

CRT0 := $(call objects,$(wildcard user/lib/crt0.*))
LIBC_SOURCES := $(filter-out user/lib/crt0.%,$(sort $(shell find user/lib -name '*.c' -o -name '*.S' 2>/dev/null))) \
	$(wildcard kernel/lib/string.c kernel/lib/format.c)
BIN_COMMON := $(wildcard user/bin/common/*.c)
TEST_COMMON := $(wildcard user/test/common/*.c)

$(OBJ)/user/%.c.o: %.c $(OBJ)/user.flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(USER_FLAGS) $(FILE_FLAGS) -MD -MP -c $< -o $@

$(OBJ)/user/%.S.o: %.S $(OBJ)/user.flags
	$(call say,AS,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(USER_FLAGS) -D__ASSEMBLY__ -MD -MP -c $< -o $@

# archive FILE,SOURCES: an archive of what the sources compile to.
define archive
$(call remember,$1.list,$(OBJ) $2)
$1: $(call objects,$2) $1.list
	$$(call say,AR,$$@)
	$(Q)mkdir -p $$(@D)
	$(Q)rm -f $$@
	$(Q)$(AR) rcs $$@ $(call objects,$2)
endef

# program NAME,SOURCES,ARCHIVE: build/user/NAME, with its symbols for gdb. A folder's may lose a source.
define program
$(if $(filter-out user/$1.c,$2),$(call remember,build/user/$1.list,$2))
build/user/$1: $(CRT0) $(call objects,$2) $3 build/user/lib/libc.a linker/user.ld $(OBJ)/user.flags \
	$(if $(filter-out user/$1.c,$2),build/user/$1.list)
	$$(call say,LINK,$$@)
	$(Q)mkdir -p $$(@D)
	$(Q)$(USER_LINK) $(CRT0) $(call objects,$2) $3 build/user/lib/libc.a -o $$@
endef

BIN_ARCHIVE := $(if $(BIN_COMMON),build/user/lib/common.a)
TEST_ARCHIVE := $(if $(TEST_COMMON),build/user/lib/test.a)
folders = $(filter-out common,$(sort $(patsubst user/$1/%/,%,$(dir $(wildcard user/$1/*/*.c)))))
BINS := $(patsubst user/%.c,%,$(wildcard user/bin/*.c)) $(addprefix bin/,$(call folders,bin))
TESTS := $(patsubst user/%.c,%,$(wildcard user/test/*.c)) $(addprefix test/,$(call folders,test))
sources = $(or $(wildcard user/$1.c),$(wildcard user/$1/*.c))

$(eval $(call archive,build/user/lib/libc.a,$(LIBC_SOURCES)))
$(eval $(call archive,build/user/lib/common.a,$(BIN_COMMON)))
$(eval $(call archive,build/user/lib/test.a,$(TEST_COMMON)))
$(foreach name,$(BINS),$(eval $(call program,$(name),$(call sources,$(name)),$(BIN_ARCHIVE))))
$(foreach name,$(TESTS),$(eval $(call program,$(name),$(call sources,$(name)),$(TEST_ARCHIVE))))

# --- images ---------------------------------------------------------------------------------------

PROGRAMS := $(addprefix build/user/,$(BINS) $(TESTS))
TEST_SCRIPTS := $(wildcard user/test/*.sh user/test/sh/*)
ETC_FILES := $(sort $(shell find user/etc -type f 2>/dev/null))

# The root folder as it will be on the disk. Programs lose their debug information, not their names.
build/root.stamp: $(PROGRAMS) $(TEST_SCRIPTS) $(ETC_FILES) build/user.list tools/build.mk
	$(call say,STAGE,build/root)
	$(Q)rm -rf build/root
	$(Q)mkdir -p $(addprefix build/root/,bin test/sh dev etc home mnt proc)
	$(Q)mkdir -m 1777 build/root/tmp
	$(Q)$(foreach name,$(BINS) $(TESTS),$(STRIP) -g -o build/root/$(name) build/user/$(name) &&) true
	$(Q)if [ -e build/root/bin/test ]; then ln -f build/root/bin/test 'build/root/bin/['; fi
	$(Q)$(if $(ETC_FILES),cp -R user/etc build/root/)
	$(Q)$(if $(TEST_SCRIPTS),cp -R $(filter user/test/%.sh,$(wildcard user/test/*.sh)) $(wildcard user/test/sh) build/root/test/)
	$(Q)chmod -R u+w,a+rX,go-w build/root && chmod 1777 build/root/tmp
	$(Q)find build/root/bin build/root/test -type f ! -name '*.txt' -exec chmod 755 {} +
	$(Q)touch $@

IMAGE_TOOLS = MKE2FS='$(MKE2FS)' DEBUGFS='$(DEBUGFS)'

build/disk.img: build/root.stamp tools/mkdisk.py
	$(call say,DISK,$@)
	$(Q)$(IMAGE_TOOLS) $(PYTHON) tools/mkdisk.py build/root $@ --keep

# The same, never booted by hand: tests and measurements start from copies of it.
build/test.img: build/root.stamp tools/mkdisk.py
	$(call say,DISK,$@)
	$(Q)$(IMAGE_TOOLS) $(PYTHON) tools/mkdisk.py build/root $@

# Without the test programs: whoever boots without a disk pays for the initrd with memory.
build/initrd.cpio: build/root.stamp tools/mkcpio.py
	$(call say,INITRD,$@)
	$(Q)$(PYTHON) tools/mkcpio.py build/root $@ test

# ROOTFS=busybox: the same root, with Debian's busybox in the place of our shell and commands.
BUSYBOX := build/debian/busybox-static/riscv64/usr/bin/busybox

$(BUSYBOX):
	$(call say,FETCH,busybox-static)
	$(Q)tools/debian-package busybox-static riscv64 build/debian/apt build/debian/busybox-static/riscv64
	$(Q)touch $@

build/busybox.root.stamp: build/root.stamp $(BUSYBOX) tools/stage_busybox.py
	$(call say,STAGE,build/busybox.root)
	$(Q)$(PYTHON) tools/stage_busybox.py build/root $(BUSYBOX) build/busybox.root
	$(Q)touch $@

build/busybox.img: build/busybox.root.stamp tools/mkdisk.py
	$(call say,DISK,$@)
	$(Q)$(IMAGE_TOOLS) $(PYTHON) tools/mkdisk.py build/busybox.root $@ --keep

# --- stamps ---------------------------------------------------------------------------------------

$(eval $(call remember,$(OBJ)/kernel.flags,$(CC) $(KERNEL_FLAGS)))
$(eval $(call remember,$(OBJ)/user.flags,$(CC) $(USER_FLAGS)))
$(eval $(call remember,build/kernel.list,$(KERNEL_LINK) $(KERNEL_OBJECTS)))
$(eval $(call remember,build/user.list,$(OBJ) $(LIBC_SOURCES) $(foreach name,$(BINS) $(TESTS),$(call sources,$(name))) $(BIN_COMMON) $(TEST_COMMON) $(TEST_SCRIPTS) $(ETC_FILES)))

# One entry for each C file, as clangd and other editors' helpers read it.
compile_commands.json: FORCE
	$(Q)$(PYTHON) tools/mkcommands.py $@ \
	    '$(CC) $(KERNEL_FLAGS)' '$(filter %.c,$(KERNEL_SOURCES))' \
	    '$(CC) $(USER_FLAGS)' '$(filter %.c,$(LIBC_SOURCES)) $(foreach name,$(BINS) $(TESTS),$(call sources,$(name))) $(BIN_COMMON) $(TEST_COMMON)'

-include $(shell find $(OBJ) -name '*.d' 2>/dev/null)
