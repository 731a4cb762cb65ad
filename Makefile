# Trapdoor: `make qemu` boots it, `make test` tests it, `make help` lists the rest.
#
# Everything built goes to build/. What this machine has (compiler, QEMU, ...) is looked up once by
# tools/setup and kept in build/machine.mk; how things are compiled is in tools/build.mk.

ifneq ($(firstword $(sort 4.3 $(MAKE_VERSION))),4.3)
$(error GNU make 4.3 or newer is needed (on macOS: brew install make, then type gmake))
endif

# --- what one can say on the command line ---------------------------------------------------------

SMP    ?= 4
MEM    ?= 128M
CPU    ?= rv64
ROOTFS ?= disk
DISK   ?= build/$(ROOTFS).img
APPEND ?=
T      ?=
REPEAT ?=
TEST_JOBS ?= 3
KERNEL ?= build/kernel.elf
PLOT   ?= build/sched-plot.svg
DEBUG_HEAP ?=
CROSS  ?=
LLVM   ?=
export CROSS LLVM

comma := ,

ifeq ($(filter disk busybox,$(ROOTFS)),)
$(error ROOTFS=$(ROOTFS) is not known: disk (our own programs) or busybox (Debian's))
endif

# --- what the goals need of this machine ----------------------------------------------------------

.DEFAULT_GOAL := all
GOALS := $(or $(MAKECMDGOALS),all)
needs := $(if $(filter-out help clean doctor,$(GOALS)),build) \
         $(if $(filter qemu qemu-command,$(GOALS)),qemu) $(filter gdb test bench,$(GOALS)) \
         $(if $(filter fuzz fuzz-disk,$(GOALS)),test) $(if $(filter sched-plot,$(GOALS)),plot)

ifneq ($(strip $(needs)),)
include build/machine.mk
ifneq ($(wildcard build/machine.mk),)
include tools/build.mk
endif
endif

build/machine.mk: FORCE
	@tools/setup $@ $(needs)

# --- QEMU -----------------------------------------------------------------------------------------

# INITRD=1 runs from build/initrd.cpio without a disk; LEGACY=1 offers virtio-mmio version 1.
DRIVE = -drive file=$(DISK),format=raw,if=none,id=hd0 -device virtio-blk-device,drive=hd0
QEMU_DISK = $(if $(INITRD),-initrd build/initrd.cpio,$(if $(DISK),$(DRIVE)))
QEMU_APPEND = $(strip $(if $(INITRD),root=initrd) $(APPEND))
QEMU_COMMAND = $(QEMU) -machine virt$(if $(DTB),$(comma)dtb=$(DTB)) -cpu $(CPU) -smp $(SMP) -m $(MEM) \
	-nographic -no-reboot -bios $(BIOS) -kernel $(KERNEL) \
	-global virtio-mmio.force-legacy=$(if $(LEGACY),true,false) $(QEMU_DISK) \
	-device virtio-rng-device $(QEMU_EXTRA) $(if $(QEMU_APPEND),-append "$(QEMU_APPEND)")

QEMU_FILES = build/kernel.elf \
	$(if $(INITRD),build/initrd.cpio,$(filter build/disk.img build/busybox.img,$(DISK)))

# --- goals ----------------------------------------------------------------------------------------

.PHONY: all qemu qemu-command gdb test bench fuzz fuzz-disk sched-plot disk doctor compile_commands clean help FORCE

all: build/kernel.elf build/disk.img ## Build build/kernel.elf and build/disk.img.

qemu: $(QEMU_FILES) ## Boot to a shell. Ctrl-A X leaves QEMU. SMP= MEM= CPU= DISK= APPEND= INITRD=1 ROOTFS=busybox
	@echo "Ctrl-A X leaves QEMU."
	@$(QEMU_COMMAND)

qemu-command: ## Print the exact QEMU command line (takes the same variables).
	@echo '$(strip $(QEMU_COMMAND))'

gdb: $(QEMU_FILES) ## Boot under gdb, in one terminal: the kernel's symbols are loaded.
	@$(PYTHON) tools/gdb.py '$(GDB)' '$(strip $(QEMU_COMMAND))' $(GDBFLAGS)

test: all build/test.img build/initrd.cpio ## Run all tests, or with T=name those whose name contains it; REPEAT=100 times each.
	@CC='$(CC) $(CC_TARGET)' E2FSCK='$(E2FSCK)' MKE2FS='$(MKE2FS)' DEBUGFS='$(DEBUGFS)' DTC='$(DTC)' \
	    GDB='$(GDB)' $(TEST_PYTHON) -B -m pytest -c test/pytest.ini test \
	    $(if $(T),-k '$(T)',-n $(TEST_JOBS) --dist loadgroup) \
	    $(if $(filter command,$(origin SMP)),--smp=$(SMP)) \
	    $(if $(filter command,$(origin CPU)),--cpu=$(CPU)) $(if $(REPEAT),--repeat=$(REPEAT)) $(TESTFLAGS)

bench: all build/test.img build/initrd.cpio ## Measure against the budgets. WALL=1 in nanoseconds, CHECK=1 fails on growth, SAVE=1, SMP=4 harts.
	@$(PYTHON) -B test/bench.py $(if $(filter command,$(origin SMP)),--smp $(SMP)) $(if $(WALL),--wall) \
	    $(if $(CHECK),--check) $(if $(SAVE),--save)

fuzz: all build/test.img ## Make random system calls until one fails, or SECONDS=600 are over. SEED= SMP= MEM=
	@E2FSCK='$(E2FSCK)' $(TEST_PYTHON) -B test/fuzz.py --seconds $(or $(SECONDS),600) --smp $(SMP) \
	    --mem $(MEM) $(if $(SEED),--seed $(SEED))

fuzz-disk: all build/test.img ## Use disks with random damage until the kernel fails, or SECONDS=600 are over. SEED= SMP=
	@E2FSCK='$(E2FSCK)' MKE2FS='$(MKE2FS)' DEBUGFS='$(DEBUGFS)' $(TEST_PYTHON) -B test/fuzz_disk.py \
	    --seconds $(or $(SECONDS),600) --smp $(SMP) $(if $(SEED),--seed $(SEED))

sched-plot: all ## Draw schedulers' Gantt charts as build/sched-plot.svg (PLOT=). POLICIES="rr RR" WORKLOAD=file HARTS=1
	@DEBUGFS='$(DEBUGFS)' $(PLOT_PYTHON) -B tools/sched_plot.py --out '$(PLOT)' $(if $(HARTS),--harts $(HARTS)) \
	    $(if $(WORKLOAD),--workload '$(WORKLOAD)') $(POLICIES)

disk: build/disk.img ## Build the disk image (an old one that was written to becomes disk.img.old).

doctor: ## Say what this machine lacks, and how to mend it.
	@tools/doctor

compile_commands: compile_commands.json ## Write compile_commands.json for editors.

clean: ## Remove build/.
	rm -rf build compile_commands.json

help: ## List the goals.
	@sed -n 's/^\([a-z_-]*\):.*## \(.*\)/  make \1 \t\2/p' Makefile | expand -t 26
	@echo "Variables: TEST_JOBS=$(TEST_JOBS) SMP=$(SMP) MEM=$(MEM) CPU=$(CPU) DISK=$(DISK) APPEND= T= REPEAT= LLVM=1 CROSS=prefix- V=1"
	@echo "ROOTFS=busybox boots into Debian's busybox, which apt fetches, in the place of our programs."
	@echo "DEBUG_HEAP=1 builds a kernel that poisons freed memory and catches its misuse."
