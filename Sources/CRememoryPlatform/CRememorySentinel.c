#define _GNU_SOURCE
#include "CRememorySentinel.h"

static const uint64_t not_armed = 0;
static const uint32_t no_tail = 0;
const uint64_t *rm_sentinel_word = &not_armed;
const uint32_t *rm_sentinel_tail = &no_tail;

#if defined(__linux__)

#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/// The kernel's `struct aio_ring`, which it maps where `io_setup` says. Its layout is part of the interface: libaio and
/// others read completions from it.
struct ring {
    uint32_t id, count, head, tail, magic, compatible, incompatible, header_length;
};

/// What a forked child must not take for its own. It lies on a page that reads as zeros there, also after a bare clone:
/// not armed, no ring, and a mutex that nobody has (on Linux a mutex of zeros is a new one).
///
/// The word does not stand at the page's beginning, as a semaphore does in its page. A processor tells addresses apart by
/// their low 12 bits first: a load of the word would wait for the store that has just taken the semaphore.
struct own {
    uint64_t apart[8];
    uint64_t word;
    struct ring *ring;
    pthread_mutex_t mutex;
};

struct count {
    int watch;
    uint32_t users;
};

enum { RING_MAGIC = 0xa10a10a1u, PAGE = 4096, SETUP_LIMIT = 64 };
static const uint32_t events = IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

static struct own *own;

// All below is guarded by the mutex.
static int inotify = -1, epoll = -1;
static aio_context_t keeper;
static uint32_t setup, epoch;
static uint64_t mark;
static bool impossible;
static struct count *counts;
static size_t counts_used, counts_room;

static void map_own(void) {
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return;
    if (madvise(page, PAGE, MADV_WIPEONFORK) != 0) {
        munmap(page, PAGE);
        return;
    }
    own = page;
}

/// False if there can't be a sentinel.
static bool lock(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, map_own);
    return own && pthread_mutex_lock(&own->mutex) == 0;
}

static void unlock(void) { pthread_mutex_unlock(&own->mutex); }

// MARK: Descriptors

// A program may close all descriptors that it finds, and get others of the same numbers. Those are not ours to read,
// change or close. So epoll's entry for inotify carries a mark that nobody else has.

enum answer { NO, YES, NOT_NOW };

/// Whether an error comes from limits that others may have used up, and may leave room again.
static bool may_pass(int error) {
    return error == EMFILE || error == ENFILE || error == EAGAIN || error == ENOMEM || error == ENOSPC;
}

/// Whether the number still stands for our epoll: its only entry, as the kernel lists it, has our mark.
///
///     tfd:        3 events:       19 data: 7f65c0a02001  pos:0 ino:40f sdev:10
static enum answer epoll_is_ours(void) {
    char path[40], text[256];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", epoll);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return may_pass(errno) ? NOT_NOW : NO;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    text[count > 0 ? count : 0] = 0;
    const char *entry = strstr(text, "tfd:");
    int number;
    unsigned mask;
    unsigned long long data;
    return entry && sscanf(entry, "tfd: %d events: %x data: %llx", &number, &mask, &data) == 3 && number == inotify
            && data == mark
        ? YES
        : NO;
}

static int epoll_change(int operation) {
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = mark};
    return epoll_ctl(epoll, operation, inotify, &event);
}

/// Whether the number still stands for the inotify that is in our epoll: then it can't be put in once more.
static bool inotify_is_ours(void) {
    if (epoll_change(EPOLL_CTL_ADD) != 0) return errno == EEXIST;
    epoll_change(EPOLL_CTL_DEL);
    return false;
}

/// The same, as far as it can be known without touching the parent's epoll.
static bool inotify_is_inherited(void) {
    char path[32], target[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", inotify);
    static const char kind[] = "anon_inode:inotify";
    ssize_t count = readlink(path, target, sizeof target);
    return count == (ssize_t)strlen(kind) && memcmp(target, kind, strlen(kind)) == 0;
}

// MARK: Arming

static long submit_poll(aio_context_t context, int descriptor, uint32_t mask) {
    struct iocb request = {
        .aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = (uint32_t)descriptor, .aio_buf = mask};
    struct iocb *requests[] = {&request};
    return syscall(SYS_io_submit, context, 1L, requests);
}

static void disarm(void) { __atomic_store_n(&own->word, 0, __ATOMIC_RELEASE); }

/// Gives up the set-up. What is known to be ours is closed. The ring stays: another thread may be about to load its
/// tail. (A parent's is not in a child's memory.)
static void tear_down(bool closes_inotify, bool closes_epoll) {
    disarm();
    if (inotify >= 0 && closes_inotify) close(inotify);
    if (epoll >= 0 && closes_epoll) close(epoll);
    if (keeper && own->ring) syscall(SYS_io_destroy, keeper);
    inotify = epoll = -1;
    keeper = 0;
    own->ring = NULL;
}

/// Whether the descriptors can be used. If they turn out to be somebody else's, the set-up is given up.
static bool descriptors_are_ours(void) {
    enum answer of_epoll = epoll_is_ours();
    if (of_epoll == YES && inotify_is_ours()) return true;
    if (of_epoll != NOT_NOW) tear_down(false, of_epoll == YES);
    return false;
}

/// Submits the poll while inotify is out of epoll: an event that came while it is being submitted would be handed to a
/// work queue, and so would later ones, too late for us.
static bool arm(void) {
    disarm();
    if (!descriptors_are_ours()) return false;
    epoll_change(EPOLL_CTL_DEL);
    char buffer[4096];
    while (read(inotify, buffer, sizeof buffer) > 0) {}
    struct ring *ring = own->ring;
    uint32_t tail = __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);
    __atomic_store_n(&ring->head, tail, __ATOMIC_RELEASE);
    if (submit_poll((aio_context_t)(uintptr_t)ring, epoll, POLLIN) != 1 || epoll_change(EPOLL_CTL_ADD) != 0) {
        tear_down(true, true);
        return false;
    }
    epoch += 1;
    if (epoch == 0) epoch = 1;
    __atomic_store_n(&own->word, (uint64_t)epoch << 32 | tail, __ATOMIC_RELEASE);
    return true;
}

// MARK: Setting up

/// Whether a change of a watched file shows in the ring at once. `false` with `errno` set.
static bool probe(void) {
    int file = memfd_create("rememory-probe", MFD_CLOEXEC);
    if (file < 0) return false;
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    int watch = inotify_add_watch(inotify, path, events);
    bool works = watch >= 0 && arm();
    if (works) {
        uint64_t seen = own->word;
        works = rm_sentinel_is_quiet(seen) && fchmod(file, 0600) == 0 && !rm_sentinel_is_quiet(seen);
        inotify_rm_watch(inotify, watch);
        errno = ENOTSUP;
    }
    int error = errno;
    close(file);
    errno = error;
    return works && arm();
}

/// Opens what a sentinel needs. `false` with `errno` set.
static bool open_all(aio_context_t *context) {
    inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (inotify < 0) return false;
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0 || syscall(SYS_io_setup, 1, context) != 0) return false;
    // A poll that never ends holds the inotify instance: so the sentinel goes on seeing when the program closes the
    // descriptors. It has a context of its own, because it is handled by a work queue, which would be in the way of
    // the other one's.
    if (syscall(SYS_io_setup, 1, &keeper) != 0 || submit_poll(keeper, inotify, 0) != 1) return false;
    mark = (uint64_t)*context | (setup & (PAGE - 1));
    return epoll_change(EPOLL_CTL_ADD) == 0;
}

static bool set_up(void) {
    aio_context_t context = 0;
    if (setup == SETUP_LIMIT) {
        impossible = true;
        return false;
    }
    setup += 1;
    counts_used = 0;
    if (!open_all(&context)) {
        // Too many open files, watchers or requests: that may pass.
        impossible = !may_pass(errno);
        if (!impossible) setup -= 1;
        if (keeper) syscall(SYS_io_destroy, keeper);
        if (context) syscall(SYS_io_destroy, context);
        keeper = 0;
        tear_down(true, true);
        return false;
    }
    struct ring *ring = (struct ring *)(uintptr_t)context;
    size_t pages = (ring->header_length + (size_t)ring->count * sizeof(struct io_event) + PAGE - 1) / PAGE * PAGE;
    own->ring = ring;
    bool usable = ring->magic == RING_MAGIC && ring->incompatible == 0 && madvise(ring, pages, MADV_DONTFORK) == 0;
    if (usable) {
        __atomic_store_n(&rm_sentinel_tail, &ring->tail, __ATOMIC_RELEASE);
        __atomic_store_n(&rm_sentinel_word, (const uint64_t *)&own->word, __ATOMIC_RELEASE);
        if (probe()) return true;
    }
    impossible = !usable || !may_pass(errno);
    tear_down(true, true);
    return false;
}

/// Whether there is a sentinel in this process; makes one if there is none, or only a parent's.
static bool available(void) {
    if (own->ring) return true;
    if (impossible) return false;
    if (inotify >= 0) {
        // A child's copies share the parent's epoll: closing is all that may be done to them.
        bool inherited = epoll_is_ours() == YES;
        tear_down(inherited && inotify_is_inherited(), inherited);
    }
    return set_up();
}

// MARK: What Swift calls

/// One more user of a watch. `false` without memory.
static bool count_user(int watch) {
    for (size_t i = 0; i < counts_used; i += 1) {
        if (counts[i].watch != watch) continue;
        counts[i].users += 1;
        return true;
    }
    if (counts_used == counts_room) {
        size_t room = counts_room * 2 + 16;
        struct count *larger = realloc(counts, room * sizeof *counts);
        if (!larger) return false;
        counts = larger;
        counts_room = room;
    }
    counts[counts_used++] = (struct count){.watch = watch, .users = 1};
    return true;
}

/// One user less; whether it was the last.
static bool count_down(int watch) {
    for (size_t i = 0; i < counts_used; i += 1) {
        if (counts[i].watch != watch) continue;
        counts[i].users -= 1;
        if (counts[i].users > 0) return false;
        counts[i] = counts[--counts_used];
        return true;
    }
    return false;
}

uint32_t rm_sentinel_watch(int descriptor, int *watch) {
    if (!lock()) return 0;
    uint32_t result = 0;
    bool usable = !own->ring || descriptors_are_ours();
    // What was given up just now is set up anew.
    if ((usable || !own->ring) && available()) {
        char path[32];
        snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
        *watch = inotify_add_watch(inotify, path, events);
        if (*watch >= 0 && count_user(*watch)) result = setup;
    }
    unlock();
    return result;
}

void rm_sentinel_unwatch(uint32_t of, int watch) {
    if (!lock()) return;
    if (own->ring && of == setup && count_down(watch) && descriptors_are_ours()) inotify_rm_watch(inotify, watch);
    unlock();
}

uint32_t rm_sentinel_setup(void) {
    if (!lock()) return 0;
    uint32_t result = own->ring ? setup : 0;
    unlock();
    return result;
}

uint64_t rm_sentinel_arm(uint32_t of) {
    if (!lock()) return 0;
    uint64_t result = 0;
    if (own->ring && of == setup) {
        uint64_t now = own->word;
        bool armed = now != 0 && (uint32_t)now == __atomic_load_n(&own->ring->tail, __ATOMIC_ACQUIRE);
        if (armed || arm()) result = own->word;
    }
    unlock();
    return result;
}

#else

uint32_t rm_sentinel_watch(int descriptor, int *watch) { return (void)descriptor, (void)watch, 0; }
void rm_sentinel_unwatch(uint32_t setup, int watch) { (void)setup, (void)watch; }
uint32_t rm_sentinel_setup(void) { return 0; }
uint64_t rm_sentinel_arm(uint32_t setup) { return (void)setup, 0; }

#endif
