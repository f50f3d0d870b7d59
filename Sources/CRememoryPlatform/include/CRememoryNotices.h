// A thread's own inotify: it sleeps until a watched file loses or changes a name.
//
// The thread gives up its part in the process's table of descriptors and starts an empty one. So nobody can close its
// descriptors behind its back, a program that closes all that it finds doesn't find them, a forked child doesn't
// inherit them, and it keeps nothing open that the program closes. The price: others can't add watches for it. They
// leave word what to do and ring: they change the mode of a file that the thread watches, which needs no descriptor.
#ifndef C_REMEMORY_NOTICES_H
#define C_REMEMORY_NOTICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rm_notices {
    int inotify, thread, bell, bell_watch;
};

/// What happened: to the watched file, or (with a name that is not empty) in the watched directory. `watch` is -1 if more
/// happened than the kernel could remember.
struct rm_notice {
    int watch;
    /// Whether the watch is no more: its file is gone.
    bool is_last;
    const char *name;
};

/// Makes the calling thread one that waits for notices. 0, otherwise an errno; then the thread must end all the same.
int rm_notices_open(struct rm_notices *notices);

/// Watches the file that a path stands for, if it is that one. 0, otherwise an errno; ESTALE if it is another one.
int rm_notices_watch(const struct rm_notices *notices, const char *path, uint64_t device, uint64_t inode, int *watch);

/// Watches a directory for names that come and go. 0, otherwise an errno.
int rm_notices_watch_directory(const struct rm_notices *notices, const char *path, int *watch);

void rm_notices_unwatch(const struct rm_notices *notices, int watch);

/// Sleeps until something happens or somebody rings, and reads what there is. How many bytes.
size_t rm_notices_wait(const struct rm_notices *notices, void *buffer, size_t count);

/// The next notice in what was read, none of them a ring; false at the end.
bool rm_notices_next(
    const struct rm_notices *notices, const void *buffer, size_t count, size_t *offset, struct rm_notice *notice);

/// Wakes the thread, from any other. Whether that was possible.
bool rm_notices_ring(int thread, int bell);

/// What this process keeps; NULL before it keeps something, and in a forked child, which keeps things of its own.
void *rm_kept_by_this_process(void);

/// Keeps an object, unless there is one already. What is kept now; NULL if that can't be had.
void *rm_keep_by_this_process(void *object);

#endif
