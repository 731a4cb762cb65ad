# What Trapdoor needs of the host, and whether this machine has it. Sourced by setup and doctor.
#
# For each thing NAME in $all_things there are
#     check_NAME     0 and its variables set, or 1 and $problem says in words what is wrong
#     words_NAME     what the thing is, for a sentence
# and packages_for NAME gives the packages of this system that bring it.

# What each goal of the Makefile needs.
build_things="compiler python e2fsprogs"
qemu_things="$build_things qemu firmware"
bench_things="$qemu_things"
gdb_things="$qemu_things gdb"
plot_things="$qemu_things svgwrite"
test_things="$gdb_things pytest dtc svgwrite"
all_things="$test_things"

words_compiler="a C compiler for RISC-V"
words_python="Python 3"
words_e2fsprogs="the ext2 tools"
words_qemu="QEMU 7.2 or newer for RISC-V"
words_firmware="the OpenSBI firmware"
words_gdb="a gdb that knows RISC-V"
words_pytest="pytest, its xdist and pexpect"
words_svgwrite="svgwrite for Python"
words_dtc="the device tree compiler"

# Folders that hold tools and are often not on PATH (Homebrew keeps several out of it).
extra_path="/usr/sbin:/sbin:/usr/local/sbin"
for keg in /opt/homebrew /usr/local; do
    extra_path="$extra_path:$keg/bin:$keg/opt/e2fsprogs/sbin:$keg/opt/e2fsprogs/bin"
    extra_path="$extra_path:$keg/opt/llvm/bin:$keg/opt/lld/bin"
done

# find_tool NAME: print the path of a program on PATH or in one of the usual places.
find_tool() {
    (PATH="$PATH:$extra_path"; command -v "$1")
}

# at_least WANTED HAVE: is version HAVE (digits and dots) WANTED or newer?
at_least() {
    [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t. -k1,1n -k2,2n | head -n 1)" = "$1" ]
}

# first_version: the first thing in the input that looks like 1.2 or 1.2.3.
first_version() {
    grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)*' | head -n 1
}

# use_tools PREFIX: take a GNU toolchain by its prefix.
use_tools() {
    CC=$(find_tool "$1gcc") || return 1
    AR=$(find_tool "$1ar") && NM=$(find_tool "$1nm") || return 1
    OBJCOPY=$(find_tool "$1objcopy") && STRIP=$(find_tool "$1strip") || return 1
    CC_TARGET=
    LD_TARGET=
    cc_name="$1gcc $("$CC" -dumpfullversion 2>/dev/null)"
}

use_llvm() {
    CC=$(find_tool clang) && find_tool ld.lld >/dev/null || return 1
    AR=$(find_tool llvm-ar) && NM=$(find_tool llvm-nm) || return 1
    OBJCOPY=$(find_tool llvm-objcopy) && STRIP=$(find_tool llvm-strip) || return 1
    CC_TARGET="--target=riscv64-unknown-elf -mno-relax" # lld learnt to relax in version 16
    LD_TARGET=-fuse-ld=lld
    cc_name="clang $("$CC" --version | first_version) with lld"
}

# compiles FLAG...: does the compiler take these flags?
compiles() {
    echo 'int nothing;' | "$CC" $CC_TARGET "$@" -ffreestanding -c -x c - -o /dev/null 2>/dev/null
}

check_compiler() {
    problem="no C compiler for RISC-V was found"
    if [ -n "$LLVM" ]; then
        problem="LLVM=1 was asked for, but clang, ld.lld and the llvm tools are not all here"
        use_llvm || return 1
    elif [ -n "$CROSS" ]; then
        problem="CROSS=$CROSS was asked for, but there is no ${CROSS}gcc with its binutils"
        use_tools "$CROSS" || return 1
    else
        use_tools riscv64-unknown-elf- || use_tools riscv64-linux-gnu- ||
            use_tools riscv64-elf- || return 1
    fi
    # Compilers before the 2019 ISA split count the CSR and fence.i instructions in "i".
    KERNEL_MARCH=rv64imac_zicsr_zifencei
    compiles -march=$KERNEL_MARCH -mabi=lp64 || KERNEL_MARCH=rv64imac
    problem="$CC cannot compile for rv64imac/lp64"
    compiles -march=$KERNEL_MARCH -mabi=lp64 || return 1
    LD_QUIET=
    if echo 'int nothing;' | "$CC" $CC_TARGET $LD_TARGET -x c - -o /dev/null -nostdlib -static \
        -Wl,-e,0,--no-warn-rwx-segments 2>/dev/null; then
        LD_QUIET=-Wl,--no-warn-rwx-segments
    fi
    found="$cc_name"
}

check_python() {
    problem="there is no python3"
    PYTHON=$(find_tool python3) || return 1
    found=$PYTHON
}

check_e2fsprogs() {
    problem="mke2fs, debugfs and e2fsck are not all here"
    MKE2FS=$(find_tool mke2fs) && DEBUGFS=$(find_tool debugfs) && E2FSCK=$(find_tool e2fsck) ||
        return 1
    e2fs_version=$("$MKE2FS" -V 2>&1 | first_version)
    problem="mke2fs $e2fs_version cannot fill an image from a folder; 1.45 and newer can"
    at_least 1.45 "$e2fs_version" || return 1
    found="$MKE2FS $e2fs_version"
}

check_qemu() {
    problem="there is no qemu-system-riscv64"
    QEMU=$(find_tool qemu-system-riscv64) || return 1
    qemu_version=$("$QEMU" --version | first_version)
    problem="$QEMU is version $qemu_version, and 7.2 is the oldest that works"
    at_least 7.2 "$qemu_version" || return 1
    found="$QEMU $qemu_version"
}

# QEMU brings OpenSBI itself or leaves it to a package.
check_firmware() {
    problem="QEMU has no OpenSBI to start the kernel with"
    [ -n "$QEMU" ] || check_qemu || return 1
    BIOS=default
    found="QEMU's own OpenSBI"
    for folder in $("$QEMU" -L help 2>/dev/null); do
        [ -r "$folder/opensbi-riscv64-generic-fw_dynamic.bin" ] && return 0
    done
    BIOS=/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin
    found=$BIOS
    [ -r "$BIOS" ]
}

check_gdb() {
    problem="no gdb was found"
    for name in gdb-multiarch riscv64-unknown-elf-gdb riscv64-linux-gnu-gdb riscv64-elf-gdb gdb; do
        GDB=$(find_tool $name) || continue
        problem="$GDB does not know RISC-V"
        "$GDB" -nx -batch -ex 'set architecture riscv:rv64' 2>&1 | grep -q -i undefined && continue
        found=$GDB
        return 0
    done
    return 1
}

# python_with MODULES: print the first Python that has them. A system's packages belong to its own
# python3, which need not be the first one on PATH.
python_with() {
    for python in $(command -v python3) /usr/bin/python3 /opt/homebrew/bin/python3 \
        /usr/local/bin/python3; do
        "$python" -c "import $1" 2>/dev/null && echo "$python" && return 0
    done
    return 1
}

check_pytest() {
    problem="no python3 here has pytest, its xdist and pexpect"
    TEST_PYTHON=$(python_with "pytest, xdist, pexpect") || return 1
    found=$TEST_PYTHON
}

check_svgwrite() {
    problem="no python3 here has svgwrite"
    PLOT_PYTHON=$(python_with svgwrite) || return 1
    found=$PLOT_PYTHON
}

check_dtc() {
    problem="there is no dtc"
    DTC=$(find_tool dtc) || return 1
    found=$DTC
}

# --- packages ---------------------------------------------------------------------------------

# system_kind: apt, dnf, pacman, brew or unknown.
system_kind() {
    if [ "$(uname -s)" = Darwin ]; then
        echo brew
    elif command -v apt-get >/dev/null; then
        echo apt
    elif command -v dnf >/dev/null; then
        echo dnf
    elif command -v pacman >/dev/null; then
        echo pacman
    else
        echo unknown
    fi
}

# apt_has PACKAGE: do the package lists offer it?
apt_has() {
    apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'
}

# Debian 13 and later Ubuntus have a package for RISC-V alone; older ones keep it in "misc".
apt_qemu() {
    if apt_has qemu-system-riscv; then
        echo qemu-system-riscv
    elif apt_has qemu-system-misc; then
        echo qemu-system-misc
    else # no lists yet: go by the release
        case $(. "${OS_RELEASE:-/etc/os-release}" 2>/dev/null; echo "$ID $VERSION_ID") in
        'debian 12' | 'ubuntu 2'[0-4]*) echo qemu-system-misc ;;
        *) echo qemu-system-riscv ;;
        esac
    fi
}

# packages_for THING: the packages of this system that bring it, on one line.
packages_for() {
    case $(system_kind) in
    apt)
        case $1 in
        compiler) [ -n "$LLVM" ] && echo clang lld llvm || echo gcc-riscv64-linux-gnu ;;
        python) echo python3 ;;
        qemu) apt_qemu ;;
        firmware) echo opensbi ;;
        gdb) echo gdb-multiarch ;;
        pytest) echo python3-pytest python3-pytest-xdist python3-pexpect ;;
        dtc) echo device-tree-compiler ;;
        svgwrite) echo python3-svgwrite ;;
        *) echo "$1" ;;
        esac ;;
    dnf)
        case $1 in
        compiler) [ -n "$LLVM" ] && echo clang lld llvm ||
            echo gcc-riscv64-linux-gnu binutils-riscv64-linux-gnu ;;
        python) echo python3 ;;
        qemu | firmware) echo qemu-system-riscv ;;
        pytest) echo python3-pytest python3-pytest-xdist python3-pexpect ;;
        svgwrite) echo python3-svgwrite ;;
        *) echo "$1" ;;
        esac ;;
    pacman)
        case $1 in
        compiler) [ -n "$LLVM" ] && echo clang lld llvm ||
            echo riscv64-elf-gcc riscv64-elf-binutils ;;
        qemu) echo qemu-system-riscv ;;
        firmware) echo qemu-system-riscv-firmware ;;
        gdb) echo riscv64-elf-gdb ;;
        pytest) echo python-pytest python-pytest-xdist python-pexpect ;;
        svgwrite) echo python-svgwrite ;;
        *) echo "$1" ;;
        esac ;;
    brew)
        case $1 in
        compiler) [ -n "$LLVM" ] && echo llvm lld || echo riscv64-elf-gcc ;;
        firmware) echo qemu ;;
        gdb) echo riscv64-elf-gdb ;;
        pytest) echo pip:pytest pip:pytest-xdist pip:pexpect ;;
        svgwrite) echo pip:svgwrite ;;
        *) echo "$1" ;;
        esac ;;
    *) # names that most systems have something like
        case $1 in
        compiler) [ -n "$LLVM" ] && echo clang lld llvm || echo riscv64-linux-gnu-gcc ;;
        qemu) echo qemu-system-riscv64 ;;
        firmware) echo opensbi ;;
        pytest) echo pytest pytest-xdist pexpect ;;
        *) echo "$1" ;;
        esac ;;
    esac
}

# install_command PACKAGES: how a person here installs them.
install_command() {
    case $(system_kind) in
    apt) echo "apt-get install $*" ;;
    dnf) echo "sudo dnf install $*" ;;
    pacman) echo "sudo pacman -S $*" ;;
    brew) # its Python lets pip in only when told so; an older pip does not mind the variable
        formulas=$(printf '%s\n' "$@" | grep -v '^pip:' | tr '\n' ' ')
        modules=$(printf '%s\n' "$@" | sed -n 's/^pip://p' | tr '\n' ' ')
        echo "${formulas:+brew install ${formulas% }}${formulas:+${modules:+ && }}" \
            "${modules:+PIP_BREAK_SYSTEM_PACKAGES=1 python3 -m pip install --user ${modules% }}" | tr -s ' ' | sed 's/ $//' ;;
    *) echo "your package manager: $*" ;;
    esac
}
