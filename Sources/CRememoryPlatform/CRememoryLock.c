#define _GNU_SOURCE
#include "CRememoryLock.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#endif

static const uint64_t value_bits = 0xffffffffu;
static const uint64_t one_waiter = (uint64_t)1 << RM_WAITER_SHIFT;
static const uint64_t mark_bits = ~(uint64_t)0 << RM_MARK_SHIFT;

/// Whether the word is the semaphore's.
static bool knows_layout(const struct rm_lock *lock) {
    return (const void *)lock->word == (const void *)lock->semaphore;
}

static bool exchange(uint64_t *word, uint64_t *expected, uint64_t value, int order) {
    return __atomic_compare_exchange_n(word, expected, value, false, order, __ATOMIC_RELAXED);
}

// MARK: Places

/// Whether the process that stands in a place has ended, as far as a number alone can say.
static bool has_ended(uint64_t word) {
    return word >> 32 == rm_process.word >> 32 && kill((pid_t)(uint32_t)word, 0) != 0 && errno == ESRCH;
}

/// Takes a place that `word` stands in. Nobody reads the place before its mark is in the semaphore's word.
static bool take(struct rm_identity *place, uint64_t word) {
    if (!exchange(&place->word, &word, rm_process.word, __ATOMIC_ACQ_REL)) return false;
    rm_store_release_u64(&place->start, rm_process.start);
    return true;
}

/// A free place; if there is none, one of a process that has ended without having the lock.
static uint64_t find_place(struct rm_lock *lock) {
    if (!knows_layout(lock) || rm_process.word == 0) return 0;
    for (uint64_t i = 0; i < RM_PLACE_COUNT; i += 1) {
        if (rm_load_relaxed_u64(&lock->places[i].word) == 0 && take(&lock->places[i], 0)) return i + 1;
    }
    for (uint64_t i = 0; i < RM_PLACE_COUNT; i += 1) {
        uint64_t word = rm_load_relaxed_u64(&lock->places[i].word);
        if (!has_ended(word) || rm_load_acquire_u64(lock->word) >> RM_MARK_SHIFT == i + 1) continue;
        if (take(&lock->places[i], word)) return i + 1;
    }
    return 0;
}

void rm_lock_take_place(struct rm_lock *lock) {
    uint64_t forks = rm_forks(), before = rm_load_relaxed_u64(&lock->placed_in);
    // One thread does it; others go on without a mark until it has.
    if (before == forks + 1 || !exchange(&lock->placed_in, &before, forks + 1, __ATOMIC_ACQ_REL)) return;
    rm_store_relaxed_u64(&lock->mark, find_place(lock) << RM_MARK_SHIFT);
    rm_store_release_u64(&lock->marked_in, forks);
}

void rm_lock_leave_place(struct rm_lock *lock) {
    if (lock->mark == 0 || lock->marked_in != rm_forks()) return;
    struct rm_identity *place = &lock->places[(lock->mark >> RM_MARK_SHIFT) - 1];
    rm_store_relaxed_u64(&place->start, 0);
    rm_store_release_u64(&place->word, 0);
}

uint64_t rm_lock_holder(const struct rm_lock *lock, struct rm_identity *holder) {
    uint64_t mark = knows_layout(lock) ? rm_load_acquire_u64(lock->word) & mark_bits : 0;
    uint64_t place = mark >> RM_MARK_SHIFT;
    holder->word = holder->start = 0;
    if (place == 0 || place > RM_PLACE_COUNT) return mark;
    holder->word = rm_load_acquire_u64(&lock->places[place - 1].word);
    holder->start = rm_load_acquire_u64(&lock->places[place - 1].start);
    return mark;
}

// MARK: Taking

/// The mark of this process. A child that has no place yet must not leave its parent's.
static uint64_t own_mark(const struct rm_lock *lock) {
    return rm_load_acquire_u64(&lock->marked_in) == rm_forks() ? lock->mark : 0;
}

/// Takes it if its value says so, and with it as many waiters as given.
static bool take_free(struct rm_lock *lock, uint64_t waiters) {
    uint64_t seen = rm_load_relaxed_u64(lock->word);
    while ((seen & value_bits) != 0) {
        uint64_t taken = ((seen & ~mark_bits & ~value_bits) - waiters * one_waiter) | own_mark(lock);
        if (!exchange(lock->word, &seen, taken, __ATOMIC_ACQUIRE)) continue;
        lock->surplus += (seen & value_bits) - 1;
        rm_lock_become_mine(lock);
        return true;
    }
    return false;
}

/// Takes what was posted too often, where the word is not known.
static void absorb_surplus(struct rm_lock *lock) {
    // Whoever posts faster than this in a loop can't be helped.
    for (int i = 0; i < 1000000 && sem_trywait(lock->semaphore) == 0; i += 1) lock->surplus += 1;
}

bool rm_lock_try(struct rm_lock *lock) {
    if (knows_layout(lock)) return take_free(lock, 0);
    if (sem_trywait(lock->semaphore) != 0) return false;
    absorb_surplus(lock);
    rm_lock_become_mine(lock);
    return true;
}

/// Rarely looking is what makes the lock fast when it is wanted by many: each look takes its cache line away from who has
/// it, who needs it to give the lock back, and would take it again at once. So they take turns in runs of some operations.
bool rm_lock_spin(struct rm_lock *lock) {
    for (int pauses = 1; pauses <= 64; pauses *= 2) {
        for (int look = 0; look < 4; look += 1) {
            if (rm_sem_value(lock->semaphore) != 0 && rm_lock_try(lock)) return true;
            for (int i = 0; i < pauses; i += 1) rm_spin_hint();
        }
    }
    return false;
}

bool rm_lock_seize(struct rm_lock *lock, uint64_t mark) {
    if (!knows_layout(lock)) {
        rm_lock_become_mine(lock);
        return true;
    }
    uint64_t seen = rm_load_relaxed_u64(lock->word);
    while ((seen & mark_bits) == mark && (seen & value_bits) == 0) {
        if (!exchange(lock->word, &seen, (seen & ~mark_bits) | own_mark(lock), __ATOMIC_ACQUIRE)) continue;
        rm_lock_become_mine(lock);
        return true;
    }
    return false;
}

#if defined(__linux__)

static struct timespec later(int64_t nanoseconds) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    int64_t part = time.tv_nsec + nanoseconds % 1000000000;
    time.tv_sec += nanoseconds / 1000000000 + part / 1000000000;
    time.tv_nsec = part % 1000000000;
    return time;
}

/// As glibc's `sem_clockwait`, but that it leaves our mark.
int rm_lock_wait(struct rm_lock *lock, int64_t nanoseconds) {
    struct timespec until = later(nanoseconds);
    if (!knows_layout(lock)) {
        if (sem_clockwait(lock->semaphore, CLOCK_MONOTONIC, &until) != 0) return errno;
        absorb_surplus(lock);
        rm_lock_become_mine(lock);
        return 0;
    }
    __atomic_add_fetch(lock->word, one_waiter, __ATOMIC_ACQ_REL);
    while (!take_free(lock, 1)) {
        // The value is the low half: what a little-endian machine has first, and glibc waits for too.
        long result = syscall(SYS_futex, lock->word, FUTEX_WAIT_BITSET, 0, &until, NULL, FUTEX_BITSET_MATCH_ANY);
        if (result == 0 || errno == EAGAIN) continue;
        int failure = errno;
        __atomic_sub_fetch(lock->word, one_waiter, __ATOMIC_ACQ_REL);
        return failure;
    }
    return 0;
}

static int wake(uint64_t *word) { return (int)syscall(SYS_futex, word, FUTEX_WAKE, 1); }

#else

int rm_lock_wait(struct rm_lock *lock, int64_t nanoseconds) {
    int failure = rm_sem_wait_for(lock->semaphore, nanoseconds);
    if (failure != 0) return failure;
    absorb_surplus(lock);
    rm_lock_become_mine(lock);
    return 0;
}

static int wake(uint64_t *word) { return (void)word, -1; }

#endif

// MARK: Giving back

int rm_lock_post(struct rm_lock *lock) {
    if (!knows_layout(lock)) {
        sem_post(lock->semaphore);
        return -1;
    }
    uint64_t seen = rm_load_relaxed_u64(lock->word);
    uint64_t free;
    do {
        // Somebody may have posted in our place, and a Swift process taken it then: its mark stays.
        free = ((seen & mark_bits) == own_mark(lock) ? seen & ~mark_bits : seen) + 1;
    } while (!exchange(lock->word, &seen, free, __ATOMIC_RELEASE));
    return (seen & ~mark_bits) >> RM_WAITER_SHIFT != 0 ? wake(lock->word) : 0;
}
