#!/usr/bin/env python3
"""Write compile_commands.json for editors.

    mkcommands.py OUTPUT COMMAND SOURCES [COMMAND SOURCES]...

COMMAND is the compiler with its flags, SOURCES the files that are compiled with it, separated by
spaces. A file that is compiled twice (kernel/lib, for both sides) keeps its first entry.
"""

import json
import os
import sys


def make_entries(pairs):
    """Return one entry for each source file of the (command, sources) pairs."""
    entries = {}
    for command, sources in pairs:
        for source in sources.split():
            entries.setdefault(source, {
                "directory": os.getcwd(),
                "command": f"{command} -c {source}",
                "file": source,
            })
    return list(entries.values())


def main(arguments):
    if len(arguments) < 3 or len(arguments) % 2 == 0:
        sys.exit(__doc__)
    with open(arguments[0], "w", encoding="utf-8") as output:
        json.dump(make_entries(zip(arguments[1::2], arguments[2::2])), output, indent=1)
        output.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
