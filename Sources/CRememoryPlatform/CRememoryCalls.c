#define _GNU_SOURCE
#include "CRememoryCalls.h"
#include "CRememoryFastPath.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// MARK: Identity

uint64_t rm_fork_count = 0;
uint64_t rm_child_count = 0;
struct rm_identity rm_process = {0, 0};

/// The inode that a link like "pid:[4026531836]" names, or 0.
static uint32_t namespace_inode(const char *path) {
    char link[64];
    ssize_t count = readlink(path, link, sizeof link - 1);
    if (count <= 0) return 0;
    link[count] = 0;
    const char *number = strchr(link, '[');
    return number ? (uint32_t)strtoul(number + 1, NULL, 10) : 0;
}

/// The 22nd field of /proc/self/stat. The second one, a name in brackets, may contain anything.
static uint64_t start_time(void) {
    char text[1024];
    int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    if (count <= 0) return 0;
    text[count] = 0;
    const char *field = strrchr(text, ')');
    for (int number = 2; field && number < 22; number += 1) field = strchr(field + 1, ' ');
    return field ? strtoull(field, NULL, 10) : 0;
}

/// Times of start look different from within another time namespace, so that belongs to the identity too.
static void find_identity(void) {
    struct rm_identity process = {0, 0};
#if defined(__linux__)
    uint32_t processes = namespace_inode("/proc/self/ns/pid");
    uint64_t start = start_time();
    if (processes != 0 && start != 0) {
        uint32_t namespaces = processes ^ namespace_inode("/proc/self/ns/time") * 0x9e3779b1u;
        process.word = (uint64_t)namespaces << 32 | (uint32_t)getpid();
        process.start = start;
    }
#endif
    rm_process = process;
}

bool rm_is_in_initial_namespace(void) {
    // The kernel gives the first of its namespaces a fixed number (PROC_PID_INIT_INO).
    return namespace_inode("/proc/self/ns/pid") == 0xeffffffcu;
}

/// Mutexes that no other thread has while the process forks. The thread that forks has the first `held_in_fork` of them.
enum { MUTEX_LIMIT = 8 };
static pthread_mutex_t *fork_mutexes[MUTEX_LIMIT];
static int fork_mutex_count = 0;
static int held_in_fork = 0;

bool rm_hold_in_fork(pthread_mutex_t *mutex) {
    static pthread_mutex_t registering = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&registering);
    int count = __atomic_load_n(&fork_mutex_count, __ATOMIC_RELAXED);
    bool has_room = count < MUTEX_LIMIT;
    if (has_room) {
        fork_mutexes[count] = mutex;
        __atomic_store_n(&fork_mutex_count, count + 1, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&registering);
    return has_room;
}

static void before_fork(void) {
    __atomic_add_fetch(&rm_child_count, 1, __ATOMIC_RELAXED);
    int count = __atomic_load_n(&fork_mutex_count, __ATOMIC_ACQUIRE);
    for (int i = 0; i < count; i += 1) pthread_mutex_lock(fork_mutexes[i]);
    held_in_fork = count;
}

static void go_on_as_parent(void) {
    // Another thread may fork as soon as it gets the first one.
    for (int i = held_in_fork - 1; i >= 0; i -= 1) pthread_mutex_unlock(fork_mutexes[i]);
}

static void begin_as_child(void) {
    // Anew, for the thread that has them is called something else here.
    for (int i = 0; i < held_in_fork; i += 1) pthread_mutex_init(fork_mutexes[i], NULL);
    rm_fork_count += 1;
    find_identity();
}

static void register_fork_handler(void) {
    find_identity();
    pthread_atfork(before_fork, go_on_as_parent, begin_as_child);
}

void rm_count_forks(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_fork_handler);
}

// MARK: Threads

struct start {
    void (*body)(void *);
    void *context;
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

int rm_start_thread(void (*body)(void *), void *context) {
    struct start *start = malloc(sizeof *start);
    if (start == NULL) return ENOMEM;
    *start = (struct start){body, context};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); // the thread inherits it
    pthread_t thread;
    int failure = pthread_create(&thread, NULL, run, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure == 0) pthread_detach(thread);
    else free(start);
    return failure;
}

// MARK: Semaphores

sem_t *rm_sem_open(const char *name, int flags, mode_t mode, unsigned value) {
    sem_t *semaphore = sem_open(name, flags, mode, value);
    return semaphore == SEM_FAILED ? NULL : semaphore;
}

#if defined(__GLIBC__) && defined(__LP64__)
/// Whether this glibc lays semaphores out as those since 2.21 do.
static bool layout_is_known(void) {
    sem_t sample;
    const uint64_t *word = (const uint64_t *)(const void *)&sample;
    if (sem_init(&sample, 1, 1) != 0) return false;
    bool known = rm_load_relaxed_u64(word) == 1 && sem_trywait(&sample) == 0 && rm_load_relaxed_u64(word) == 0
        && sem_post(&sample) == 0 && rm_load_relaxed_u64(word) == 1;
    sem_destroy(&sample);
    return known;
}
#else
static bool layout_is_known(void) { return false; }
#endif

uint64_t *rm_sem_word(sem_t *semaphore) {
    static uint64_t neither = 2;
    return layout_is_known() ? (uint64_t *)(void *)semaphore : &neither;
}

int rm_sem_wait_for(sem_t *semaphore, int64_t nanoseconds) {
#if defined(__linux__)
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += nanoseconds / 1000000000;
    until.tv_nsec += nanoseconds % 1000000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec += 1;
        until.tv_nsec -= 1000000000;
    }
    return sem_clockwait(semaphore, CLOCK_MONOTONIC, &until) == 0 ? 0 : errno;
#else
    // Darwin has no timed wait: look again every 200 microseconds.
    const struct timespec pause = {0, 200000};
    for (int64_t waited = 0;; waited += 200000) {
        if (sem_trywait(semaphore) == 0) return 0;
        if (errno != EAGAIN) return errno;
        if (waited >= nanoseconds) return ETIMEDOUT;
        nanosleep(&pause, NULL);
    }
#endif
}

// MARK: Files

int rm_rename_exchange(const char *from, const char *to) {
#if defined(__linux__)
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE);
#else
    (void)from, (void)to;
    errno = ENOTSUP;
    return -1;
#endif
}

int rm_rename_exclusive(const char *from, const char *to) {
#if defined(__linux__)
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
#else
    (void)from, (void)to;
    errno = ENOTSUP;
    return -1;
#endif
}

int64_t rm_birth_time(int descriptor) {
#if defined(__linux__)
    struct statx facts;
    if (statx(descriptor, "", AT_EMPTY_PATH, STATX_BTIME, &facts) != 0 || !(facts.stx_mask & STATX_BTIME)) return 0;
    return (int64_t)facts.stx_btime.tv_sec * 1000000000 + facts.stx_btime.tv_nsec;
#else
    struct stat facts;
    if (fstat(descriptor, &facts) != 0) return 0;
    return (int64_t)facts.st_birthtimespec.tv_sec * 1000000000 + facts.st_birthtimespec.tv_nsec;
#endif
}

int rm_is_open_elsewhere(int descriptor) {
#if defined(__linux__)
    // Who opens the file meanwhile has us told by a signal. That of SIGIO would end us; this one is ignored by default.
    if (fcntl(descriptor, F_SETSIG, SIGURG) != 0) return 1;
    if (fcntl(descriptor, F_SETLEASE, F_WRLCK) != 0) return 1;
    fcntl(descriptor, F_SETLEASE, F_UNLCK);
    return 0;
#else
    (void)descriptor;
    return 1;
#endif
}

int rm_map_over(void *address, size_t count, int descriptor) {
    return mmap(address, count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor, 0) == MAP_FAILED ? -1 : 0;
}

int rm_futex_call(void) {
#if defined(__linux__)
    return SYS_futex;
#else
    return -1;
#endif
}

int rm_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }
