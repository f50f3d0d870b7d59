#define _GNU_SOURCE
#include "CRememoryNotices.h"

#include <pthread.h>
#include <sys/mman.h>

#if defined(__linux__)

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Descriptors are opened, read and closed by bare system calls: to the thread sanitizer, which goes by their numbers,
// those of this thread would be the same as others of the program.

static int open_quietly(const char *path, int flags) {
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0);
}

static int watch_descriptor(const struct rm_notices *notices, int descriptor, uint32_t events) {
    char path[40];
    snprintf(path, sizeof path, "/proc/thread-self/fd/%d", descriptor);
    return inotify_add_watch(notices->inotify, path, events);
}

int rm_notices_open(struct rm_notices *notices) {
    if (syscall(SYS_close_range, 0U, ~0U, CLOSE_RANGE_UNSHARE) != 0) return errno;
    // What is written to the standard streams here goes nowhere, instead of into a descriptor of ours.
    for (int i = 0; i < 3; i += 1) {
        if (open_quietly("/dev/null", O_RDWR) < 0) return errno;
    }
    notices->thread = (int)syscall(SYS_gettid);
    notices->bell = (int)syscall(SYS_memfd_create, "rememory-bell", MFD_CLOEXEC);
    notices->inotify = (int)syscall(SYS_inotify_init1, IN_CLOEXEC);
    if (notices->bell < 0 || notices->inotify < 0) return errno;
    notices->bell_watch = watch_descriptor(notices, notices->bell, IN_ATTRIB);
    if (notices->bell_watch < 0) return errno;
    // Not everything that calls itself Linux does all of this.
    struct pollfd entry = {.fd = notices->inotify, .events = POLLIN};
    struct timespec none = {0, 0};
    if (!rm_notices_ring(notices->thread, notices->bell)
        || syscall(SYS_ppoll, &entry, 1L, &none, NULL, sizeof(uint64_t)) != 1)
        return ENOTSUP;
    return 0;
}

int rm_notices_watch(const struct rm_notices *notices, const char *path, uint64_t device, uint64_t inode, int *watch) {
    int file = open_quietly(path, O_PATH | O_NOFOLLOW);
    if (file < 0) return errno;
    struct stat facts;
    int failure = 0;
    if (fstat(file, &facts) != 0) {
        failure = errno;
    } else if ((uint64_t)facts.st_dev != device || (uint64_t)facts.st_ino != inode) {
        failure = ESTALE;
    } else {
        *watch = watch_descriptor(notices, file, IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF);
        if (*watch < 0) failure = errno;
    }
    syscall(SYS_close, file);
    return failure;
}

int rm_notices_watch_directory(const struct rm_notices *notices, const char *path, int *watch) {
    *watch = inotify_add_watch(
        notices->inotify, path, IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM | IN_ONLYDIR);
    return *watch < 0 ? errno : 0;
}

void rm_notices_unwatch(const struct rm_notices *notices, int watch) { inotify_rm_watch(notices->inotify, watch); }

size_t rm_notices_wait(const struct rm_notices *notices, void *buffer, size_t count) {
    long read = syscall(SYS_read, notices->inotify, buffer, count);
    return read > 0 ? (size_t)read : 0;
}

bool rm_notices_next(
    const struct rm_notices *notices, const void *buffer, size_t count, size_t *offset, struct rm_notice *notice) {
    while (count - *offset >= sizeof(struct inotify_event)) {
        struct inotify_event event;
        const char *start = (const char *)buffer + *offset;
        memcpy(&event, start, sizeof event);
        *offset += sizeof event + event.len;
        if (event.wd == notices->bell_watch) continue;
        notice->watch = event.wd;
        notice->is_last = event.mask & IN_IGNORED;
        notice->name = event.len > 0 ? start + sizeof event : "";
        return true;
    }
    return false;
}

bool rm_notices_ring(int thread, int bell) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/fd/%d", thread, bell);
    return chmod(path, 0600) == 0;
}

static void wipe_on_fork(void *page, size_t count, bool *works) { *works = madvise(page, count, MADV_WIPEONFORK) == 0; }

#else

#include <errno.h>

int rm_notices_open(struct rm_notices *notices) { return (void)notices, ENOTSUP; }
int rm_notices_watch(const struct rm_notices *notices, const char *path, uint64_t device, uint64_t inode, int *watch) {
    return (void)notices, (void)path, (void)device, (void)inode, (void)watch, ENOTSUP;
}
int rm_notices_watch_directory(const struct rm_notices *notices, const char *path, int *watch) {
    return (void)notices, (void)path, (void)watch, ENOTSUP;
}
void rm_notices_unwatch(const struct rm_notices *notices, int watch) { (void)notices, (void)watch; }
size_t rm_notices_wait(const struct rm_notices *notices, void *buffer, size_t count) {
    return (void)notices, (void)buffer, (void)count, 0;
}
bool rm_notices_next(
    const struct rm_notices *notices, const void *buffer, size_t count, size_t *offset, struct rm_notice *notice) {
    return (void)notices, (void)buffer, (void)count, (void)offset, (void)notice, false;
}
bool rm_notices_ring(int thread, int bell) { return (void)thread, (void)bell, false; }

#define wipe_on_fork(page, count, works) (*(works) = minherit(page, count, VM_INHERIT_ZERO) == 0)

#endif

/// On a page that reads as zeros in a forked child, also after a bare clone.
static void **kept;

static void map_kept(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (page == MAP_FAILED) return;
    bool works;
    wipe_on_fork(page, 4096, &works);
    if (works) {
        kept = page;
    } else {
        munmap(page, 4096);
    }
}

void *rm_kept_by_this_process(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, map_kept);
    return kept ? __atomic_load_n(kept, __ATOMIC_ACQUIRE) : NULL;
}

void *rm_keep_by_this_process(void *object) {
    void *expected = rm_kept_by_this_process();
    if (expected || !kept) return expected;
    return __atomic_compare_exchange_n(kept, &expected, object, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)
        ? object : expected;
}
