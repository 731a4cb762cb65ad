/* clear: empties the terminal's screen. */
#include <stdio.h>

#include "common/cmd.h"

int main(int argc, char **argv) {
    (void)argc;
    cmd_begin(argv, 1);
    /* ECMA-48: cursor home, erase the display, erase the lines scrolled out. */
    fputs("\033[H\033[2J\033[3J", stdout);
    return cmd_end(0);
}
