#include "tell.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool sched_tell(const char *line) {
    int fd = open("/proc/sched", O_WRONLY);
    bool told = write(fd, line, strlen(line)) == (ssize_t)strlen(line);
    close(fd);
    return told;
}
