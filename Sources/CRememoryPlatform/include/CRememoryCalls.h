// What Swift can't say by itself: atomics on raw shared memory, the thread's identity in one instruction,
// and the Linux calls that Swift's Glibc module leaves out. Inline where a function call would show in a measurement.
#ifndef C_REMEMORY_CALLS_H
#define C_REMEMORY_CALLS_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "RMContent.h"

// MARK: Atomics on raw memory

#define RM_ATOMIC_ACCESS(TYPE, SUFFIX)                                                                       \
    static inline TYPE rm_load_relaxed_##SUFFIX(const TYPE *word) {                                          \
        return __atomic_load_n(word, __ATOMIC_RELAXED);                                                      \
    }                                                                                                        \
    static inline TYPE rm_load_acquire_##SUFFIX(const TYPE *word) {                                          \
        return __atomic_load_n(word, __ATOMIC_ACQUIRE);                                                      \
    }                                                                                                        \
    static inline void rm_store_relaxed_##SUFFIX(TYPE *word, TYPE value) {                                   \
        __atomic_store_n(word, value, __ATOMIC_RELAXED);                                                     \
    }                                                                                                        \
    static inline void rm_store_release_##SUFFIX(TYPE *word, TYPE value) {                                   \
        __atomic_store_n(word, value, __ATOMIC_RELEASE);                                                     \
    }

RM_ATOMIC_ACCESS(uint8_t, u8)
RM_ATOMIC_ACCESS(uint64_t, u64)

/// Has the line at an address fetched into the cache. It may be no address at all.
static inline void rm_prefetch(const void *address) { __builtin_prefetch(address); }

static inline void rm_spin_hint(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

// MARK: Identity

/// A number that no two living threads of a process share: the thread pointer, one instruction.
static inline uint64_t rm_thread_token(void) {
#if defined(__linux__)
    return (uint64_t)(uintptr_t)__builtin_thread_pointer();
#else
    return (uint64_t)(uintptr_t)pthread_self();
#endif
}

/// How often this process has come into being by fork since `rm_count_forks` was first called.
static inline uint64_t rm_forks(void) {
    extern uint64_t rm_fork_count;
    return __atomic_load_n(&rm_fork_count, __ATOMIC_RELAXED);
}

/// What a thread calls itself as the owner of a lock: itself and the process it lives in. A forked child doesn't have
/// what its parent's thread had. (Addresses have 47 bits or, on some machines, 48 of use here.)
static inline uint64_t rm_owner_token(void) {
    return rm_thread_token() ^ rm_forks() << 48;
}

/// Makes `rm_forks` and `rm_children` count, and `rm_process` say what it says.
void rm_count_forks(void);

/// Sees to it that no other thread has a mutex while the process forks, from `rm_count_forks` on: a forked child would wait
/// for ever for one that only its parent's thread can give back. For the few that belong to the process and stay as
/// long; no thread may have two of them, or fork while it has one.
///
/// Returns whether there was room for it.
bool rm_hold_in_fork(pthread_mutex_t *mutex);

/// How often this process has forked since `rm_count_forks` was first called.
static inline uint64_t rm_children(void) {
    extern uint64_t rm_child_count;
    return __atomic_load_n(&rm_child_count, __ATOMIC_RELAXED);
}

/// Who a process is to processes that may live in other PID namespaces, where its number is another's. 0, 0 where /proc
/// doesn't say.
struct rm_identity {
    /// The process's number below, and above it what stands for its PID and time namespaces.
    uint64_t word;
    /// When it was started, in clock ticks since the machine was: numbers are given again, never at the same time.
    uint64_t start;
};

/// This process. A forked child is another one.
extern struct rm_identity rm_process;

/// What stands for this process's PID and time namespaces in the upper half of `rm_identity.word`.
static inline uint32_t rm_namespaces(void) { return (uint32_t)(rm_process.word >> 32); }

/// Whether this process lives in the PID namespace that all others are within.
bool rm_is_in_initial_namespace(void);

// MARK: Threads

/// Runs a function on a new thread that takes no signals and ends with it. 0, otherwise the number of the error.
int rm_start_thread(void (*body)(void *), void *context);

// MARK: Semaphores

/// Takes it if nobody has it.
static inline bool rm_sem_try(sem_t *semaphore) {
    return sem_trywait(semaphore) == 0;
}

static inline void rm_sem_post(sem_t *semaphore) {
    sem_post(semaphore);
}

/// Its value, without a function call where the layout is known (glibc on 64-bit machines: the low half of the first word).
static inline uint32_t rm_sem_value(sem_t *semaphore) {
#if defined(__GLIBC__) && defined(__LP64__)
    return (uint32_t)__atomic_load_n((const uint64_t *)(const void *)semaphore, __ATOMIC_RELAXED);
#else
    int value = 0;
    sem_getvalue(semaphore, &value);
    return value > 0 ? (uint32_t)value : 0;
#endif
}

/// Its first word if that is 1 when it is free and 0 when it is taken, as far as nobody sleeps; otherwise another word
/// that is neither.
uint64_t *rm_sem_word(sem_t *semaphore);

/// How many threads sleep on it, where that can be seen; 0 elsewhere. (What stands above: see `CRememoryLock.h`.)
static inline uint32_t rm_sem_waiters(sem_t *semaphore) {
#if defined(__GLIBC__) && defined(__LP64__)
    return (uint32_t)(__atomic_load_n((const uint64_t *)(const void *)semaphore, __ATOMIC_RELAXED) >> 32) & 0xfffff;
#else
    (void)semaphore;
    return 0;
#endif
}

/// Waits at most so long. 0 when it was taken, otherwise errno (ETIMEDOUT, EINTR).
int rm_sem_wait_for(sem_t *semaphore, int64_t nanoseconds);

/// `sem_open`, which is variadic. NULL with errno set when it fails.
sem_t *rm_sem_open(const char *name, int flags, mode_t mode, unsigned value);

// MARK: Files

/// Puts `from` under the name `to` and what was there under the name `from`. 0, otherwise -1 with errno set.
int rm_rename_exchange(const char *from, const char *to);

/// Renames, unless there is something under the name `to`. 0, otherwise -1 with errno set.
int rm_rename_exclusive(const char *from, const char *to);

/// When the file came into being, in nanoseconds since 1970; 0 where the file system doesn't say.
int64_t rm_birth_time(int descriptor);

/// Whether anybody else, in any process, has the file open or mapped: 0 no, 1 yes or not to be known. The kernel grants
/// a lease for writing only to who is alone; it is given back at once. The descriptor must be this process's only one.
int rm_is_open_elsewhere(int descriptor);

/// Puts a file's pages in the place of what is mapped at an address, in one step. 0, otherwise -1 with errno set.
int rm_map_over(void *address, size_t count, int descriptor);

/// The number of the system call that threads sleep in which wait for a semaphore; -1 where that can't be seen.
int rm_futex_call(void);

/// `open`, which is variadic.
int rm_open(const char *path, int flags, mode_t mode);

#endif
