/*
 * Limits that both sides of the ABI count on.
 */
#ifndef ABI_LIMITS_H
#define ABI_LIMITS_H

#define NAME_MAX      255    /* bytes in one file name, without the NUL */
#define PATH_MAX      4096   /* bytes in a path, with the NUL */
#define PIPE_BUF      4096   /* a write to a pipe up to this size is atomic */
#define ARG_MAX       131072 /* bytes of argv and envp that execve always accepts */
#define IOV_MAX       1024   /* parts of one readv or writev */
#define NGROUPS_MAX   65536
#define LINK_MAX      127
#define MAX_CANON     255
#define MAX_INPUT     255
#define SYMLOOP_MAX   40
#define HOST_NAME_MAX 64

#endif
