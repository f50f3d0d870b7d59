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

enum { RING_MAGIC = 0xa10a10a1u };
static const uint32_t events = IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

// All below is guarded by the mutex.
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int inotify = -1, epoll = -1;
static struct ring *ring;
static uint64_t *word;
static uint32_t setup, epoch;
static bool impossible;
static pid_t owner;

static void reset_mutex_in_child(void) { pthread_mutex_init(&mutex, NULL); }
static void register_child(void) { pthread_atfork(NULL, NULL, reset_mutex_in_child); }

static void lock(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_child);
    pthread_mutex_lock(&mutex);
}

static void disarm(void) {
    if (word) __atomic_store_n(word, 0, __ATOMIC_RELEASE);
}

/// Whether a descriptor still is what we opened: a program may close all it finds, and open others.
static bool is_kind(int descriptor, const char *kind) {
    char path[32], target[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    ssize_t count = readlink(path, target, sizeof target);
    return count == (ssize_t)strlen(kind) && memcmp(target, kind, (size_t)count) == 0;
}

static bool descriptors_are_ours(void) {
    return is_kind(inotify, "anon_inode:inotify") && is_kind(epoll, "anon_inode:[eventpoll]");
}

static void put_inotify_into_epoll(bool in) {
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(epoll, in ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, inotify, &event);
}

/// Submits the poll while inotify is out of epoll: an event that came while it is being submitted would be handed to a
/// work queue, and so would later ones, too late for us.
static bool arm(void) {
    disarm();
    put_inotify_into_epoll(false);
    char buffer[4096];
    while (read(inotify, buffer, sizeof buffer) > 0) {}
    __atomic_store_n(&ring->head, __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE), __ATOMIC_RELEASE);
    struct iocb request = {.aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = (uint32_t)epoll, .aio_buf = POLLIN};
    struct iocb *requests[] = {&request};
    aio_context_t context = (aio_context_t)(uintptr_t)ring;
    uint32_t tail = __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);
    if (syscall(SYS_io_submit, context, 1L, requests) != 1) return false;
    struct epoll_event event = {.events = EPOLLIN};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, inotify, &event) != 0) return false;
    epoch += 1;
    if (epoch == 0) epoch = 1;
    __atomic_store_n(word, (uint64_t)epoch << 32 | tail, __ATOMIC_RELEASE);
    return true;
}

static void tear_down(void) {
    disarm();
    // A child's copies share the parent's epoll: closing is all that may be done to them.
    if (inotify >= 0 && is_kind(inotify, "anon_inode:inotify")) close(inotify);
    if (epoll >= 0 && is_kind(epoll, "anon_inode:[eventpoll]")) close(epoll);
    // The ring stays: another thread may be about to load its tail. (A parent's is not in a child's memory.)
    inotify = epoll = -1;
    ring = NULL;
}

/// Whether a change of a watched file shows in the ring at once.
static bool probe(void) {
    int file = memfd_create("rememory-probe", MFD_CLOEXEC);
    if (file < 0) return false;
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    int watch = inotify_add_watch(inotify, path, events);
    bool works = watch >= 0 && arm();
    if (works) {
        uint64_t seen = *word;
        works = rm_sentinel_is_quiet(seen) && fchmod(file, 0600) == 0 && !rm_sentinel_is_quiet(seen);
    }
    if (watch >= 0) inotify_rm_watch(inotify, watch);
    close(file);
    return works && arm();
}

static bool set_up(void) {
    if (!word) {
        void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED) return false;
        if (madvise(page, 4096, MADV_WIPEONFORK) != 0) {
            munmap(page, 4096);
            return false;
        }
        word = page;
    }
    aio_context_t context = 0;
    inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (inotify < 0 || epoll < 0 || syscall(SYS_io_setup, 1, &context) != 0) return false;
    ring = (struct ring *)(uintptr_t)context;
    owner = getpid();
    if (ring->magic != RING_MAGIC || ring->incompatible != 0) return false;
    size_t size = ring->header_length + (size_t)ring->count * sizeof(struct io_event);
    size_t pages = (size + 4095) / 4096 * 4096;
    if (madvise(ring, pages, MADV_DONTFORK) != 0) return false;
    __atomic_store_n(&rm_sentinel_tail, &ring->tail, __ATOMIC_RELEASE);
    __atomic_store_n(&rm_sentinel_word, (const uint64_t *)word, __ATOMIC_RELEASE);
    if (!probe()) return false;
    setup += 1;
    return true;
}

/// Whether there is a sentinel in this process; makes one if there is none, or only a parent's.
static bool available(void) {
    if (ring && owner == getpid()) return true;
    if (impossible) return false;
    if (ring || inotify >= 0) tear_down();
    if (set_up()) return true;
    tear_down();
    impossible = true;
    return false;
}

uint32_t rm_sentinel_watch(int descriptor, int *watch) {
    lock();
    uint32_t result = 0;
    if (available()) {
        char path[32];
        snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
        *watch = inotify_add_watch(inotify, path, events);
        if (*watch >= 0) result = setup;
    }
    pthread_mutex_unlock(&mutex);
    return result;
}

void rm_sentinel_unwatch(uint32_t of, int watch) {
    lock();
    if (ring && owner == getpid() && of == setup && is_kind(inotify, "anon_inode:inotify")) {
        inotify_rm_watch(inotify, watch);
    }
    pthread_mutex_unlock(&mutex);
}

uint32_t rm_sentinel_setup(void) {
    lock();
    uint32_t result = ring && owner == getpid() ? setup : 0;
    pthread_mutex_unlock(&mutex);
    return result;
}

uint64_t rm_sentinel_arm(void) {
    lock();
    uint64_t result = 0;
    if (available()) {
        uint64_t now = *word;
        bool armed = now != 0 && (uint32_t)now == __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);
        if (!armed && !arm()) {
            tear_down();
        } else {
            result = *word;
        }
    }
    pthread_mutex_unlock(&mutex);
    return result;
}

bool rm_sentinel_is_intact(void) {
    lock();
    bool intact = ring && owner == getpid() && descriptors_are_ours();
    if (ring && !intact) tear_down();
    pthread_mutex_unlock(&mutex);
    return intact;
}

#else

uint32_t rm_sentinel_watch(int descriptor, int *watch) { return (void)descriptor, (void)watch, 0; }
void rm_sentinel_unwatch(uint32_t setup, int watch) { (void)setup, (void)watch; }
uint32_t rm_sentinel_setup(void) { return 0; }
uint64_t rm_sentinel_arm(void) { return 0; }
bool rm_sentinel_is_intact(void) { return false; }

#endif
