/* sync: returns when everything that was written is on the disk. */
#include <unistd.h>

int main(void) {
    sync();
    return 0;
}
