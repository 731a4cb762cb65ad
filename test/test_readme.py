"""What READMEs say is so: recipes work by the letter, and what they name is there."""

import re

import image
import variant
from machine import BUILD, ROOT, Machine

README = (ROOT / "README.md").read_text(encoding="utf-8")
READMES = sorted(path for path in ROOT.rglob("*.md") if BUILD not in path.parents)
PROMPTS = r"^ {4}(?:\$ )?make .*$"      # what one is shown to type


def section(title):
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL).group(1)


def code_blocks(text):
    """Return the indented blocks of a list's items, without their indentation."""
    blocks = re.findall(r"(?:^ {8}.*\n|^\n(?= {8}))+", text, re.MULTILINE)
    return [re.sub(r"^ {8}", "", block, flags=re.MULTILINE).strip("\n") + "\n" for block in blocks]


def folders_of_map():
    """Return the folders that the map names, as paths from the root."""
    folders = []
    for line in section("The map").splitlines():
        if not (found := re.match(r"( {4,6})(\S.*?/)  +\S", line + "  .")):
            continue
        inside = "kernel/" if len(found.group(1)) == 6 else ""
        folders += [inside + name.rstrip("/") for name in found.group(2).split()]
    return folders


def test_map_names_the_folders_there_are():
    hidden = {"build"}
    there = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."} - hidden
    for divided in ("include", "user", "kernel"):
        there.remove(divided)
        there |= {f"{divided}/{path.name}" for path in (ROOT / divided).iterdir() if path.is_dir()}
    assert sorted(set(folders_of_map()) - {"kernel"}) == sorted(there)


def test_each_folder_of_the_map_is_told_of():
    """By a README of its own, or by the one above."""
    for folder in folders_of_map():
        above = ROOT / folder / "../README.md"
        assert (ROOT / folder / "README.md").exists() or \
            f"`{folder.rpartition('/')[2]}/`" in above.resolve().read_text(encoding="utf-8"), folder


def test_what_it_is_in_three_sentences():
    assert len(re.findall(r"\.(?=\s)", README.split("\n\n")[1] + "\n")) == 3


def shown_session():
    """Return [(command, output)] of what the README shows at the shell's prompt, but for what it leaves out."""
    shown = re.findall(r"^ {4}trapdoor:/\$ (.*)\n((?: {4}(?!trapdoor).*\n)*)", section("Two commands"), re.MULTILINE)
    return [(command, output.replace("    ", "")) for command, output in shown if output and "..." not in output]


def test_picture_names_what_is_there():
    """Each line of the way of a system call: a file or folder, and perhaps a function that is in it."""
    lines = re.findall(r"^ {6}(?:user mode|supervisor mode)? +(\w+/\S*) +(\w*)(?:\(\.\.\.\)|:)?",
                       section("The way of one system call"), re.MULTILINE)
    assert len(lines) > 10
    for where, function in lines:
        place = ROOT / where if where.startswith("user") else ROOT / "kernel" / where
        assert place.exists(), where
        files = place.glob("*.c") if place.is_dir() else [place]
        text = "".join(path.read_text(encoding="utf-8") for path in files)
        if "_" in function:
            assert re.search(rf"^(\w.*[ *])?{function}[(:]", text, re.MULTILINE), f"{where} {function}"


def typed_commands():
    """Yield (file, command) for every make that some README tells one to type."""
    for path in READMES:
        text = path.read_text(encoding="utf-8")
        for command in re.findall(r"`((?:[A-Z_]+=\S+ )*make [^`\n]+)`", text) + re.findall(PROMPTS, text, re.M):
            yield path, command


def test_every_make_is_possible():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8") + (ROOT / "tools/build.mk").read_text()
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "test").glob("*.py"))
    goals = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE).group(1).split()
    commands = list(typed_commands())
    assert len(commands) > 20
    for path, command in commands:
        goal = re.search(r"\bmake +(?:[A-Z]+=\S+ +)*([a-z][\w-]*)", command)
        assert not goal or goal.group(1) in goals, f"{path}: {command}"
        for variable in re.findall(r"\b([A-Z_]+)=", command):
            assert f"({variable})" in makefile or f'"{variable}"' in tests, f"{path}: {variable}"


def test_every_path_is_there():
    """From the root, from kernel/ or user/, or anywhere below the README."""
    examples = re.compile(r"NAME|hello|^build/|^gen/|^/|\.\.\.")
    for path in READMES:
        for word in re.findall(r"`([^`\s]+)`", path.read_text(encoding="utf-8")):
            if examples.search(word) or not re.fullmatch(
                    r"[\w./*-]+\.(c|h|S|py|md|txt|sh|ld|mk)|[\w.-]+(/[\w.-]+)*/", word):
                continue
            name = word.rstrip("/")
            assert any(any(base.glob(name)) for base in (ROOT, ROOT / "kernel", ROOT / "user")) or \
                any(path.parent.rglob(name)), f"{path}: {word}"


def insert(path, before, line):
    """Put a line before the first one that begins so."""
    text = path.read_text(encoding="utf-8")
    at = re.search(rf"^{re.escape(before)}", text, re.MULTILINE).start()
    path.write_text(text[:at] + line + "\n" + text[at:], encoding="utf-8")


def follow_recipe_of_call(project):
    """Do what "Add a system call" says, each quoted line where it says."""
    recipe = section("Add a system call")
    number, file_of_number = (re.search(pattern, recipe).group(1) for pattern in
                              (r"`(#define SYS_greet \d+)`", r"a line in `(\S+)`"))
    insert(project / file_of_number, "#define SYS_LIMIT", number)
    insert(project / "kernel/syscall/calls.h", "CALL(", re.search(r"`(CALL\(.*?\);)`", recipe).group(1))
    insert(project / "kernel/syscall/table.c", "    ENTRY(", re.search(r"`(ENTRY\(.*?\),)`", recipe).group(1))
    topic = project / "kernel/syscall/process.c"
    insert(topic, "#include", f"#include <{re.search(r'needs `(.*?)`', recipe).group(1)}>")
    with open(topic, "a", encoding="utf-8") as file:
        file.write("\n" + code_blocks(recipe)[0])
    with open(project / "user/lib/sys/stubs.S", "a", encoding="utf-8") as file:
        file.write(re.search(r"`(stub .*?)`", recipe).group(1) + "\n")
    (project / "user/lib/include/greet.h").write_text("long greet(long number);\n")


def follow_recipe_of_program(project):
    """Do what "Add a user program" says: a file, a folder, a test."""
    recipe = section("Add a user program")
    where, = re.findall(r"Write `(\S+)`", recipe)
    (project / where).write_text(code_blocks(recipe)[0])
    (project / "user/bin/greeter").mkdir()
    (project / "user/bin/greeter/main.c").write_text("int run(void);\nint main(void) { return run(); }\n")
    (project / "user/bin/greeter/run.c").write_text(
        "#include <greet.h>\nint run(void);\nint run(void) { return (int)greet(42); }\n")
    (project / "user/test/added.c").write_text(
        f'#include "{re.search(r"`(common/check.h)`", recipe).group(1)}"\n'
        'int main(void) { CHECK("a thing", 1 + 1 == 2); return check_done(); }\n')


def test_recipes(tmp_path):
    """Ten lines each, by the letter: the call is there, and the programs are on the disk."""
    project = variant.copy_project(tmp_path / "project", variant.OBJECTS)
    for follow in (follow_recipe_of_call, follow_recipe_of_program):
        follow(project)
    variant.make(project, "build/kernel.elf")
    names = ("bin/hello", "bin/greeter", "test/added")
    disk = image.fresh_disk(tmp_path)
    for name in names:
        variant.make(project, f"build/user/{name}")
        image.write_file(disk, f"/{name}", (project / "build/user" / name).read_bytes(), tmp_path, 0o100755)
    with Machine(disk=disk, kernel=str(project / "build/kernel.elf")) as m:
        m.boot()
        assert m.ok("hello; hello you") == "hello, world\nhello, you\n"
        assert re.search(r"process \d+ greets with 42\n", m.ok("greeter"))
        assert all(m.ok(command) == output for command, output in shown_session()) and shown_session()
        assert m.ok("/test/added") == "ok a thing\ndone: 1 ok, 0 failed\n"
