// A block's lock: glibc's named semaphore, taken and given back so that its word says at every moment which Swift process
// has it.
//
// glibc keeps a semaphore in one 64-bit word: its value in the low half, how many threads wait in the high half. A Swift
// process puts its *mark* into the 12 bits at the top, which glibc would use from the millionth waiter on:
//
//     63      52 51          32 31                  0
//     ┌─────────┬──────────────┬────────────────────┐
//     │  mark   │   waiters    │       value        │
//     └─────────┴──────────────┴────────────────────┘
//     000 00000 00000001        free, nobody waits
//     000 00000 00000000        taken by Python
//     007 00000 00000000        taken by the Swift process that stands in place 7 of the table
//     007 00002 00000000        the same, two wait
//
// Taking turns the first of these into the third, giving back does the reverse, each by one compare-exchange. So there is
// no moment at which a Swift process has the lock and does not say so: one that is killed has been seen to have it or has
// not had it. glibc's functions, which add to the word and subtract from it, carry the mark along without noticing; that
// it makes a post wake somebody who isn't there costs them a system call while Swift has the lock, when nobody posts.
//
// The table of the processes stands behind the semaphore's 32 bytes in its page. A process takes a place when it opens the
// lock, and a forked child one of its own before it uses it. Where there is no place left the mark is 0.
#ifndef C_REMEMORY_LOCK_H
#define C_REMEMORY_LOCK_H

#include "CRememoryCalls.h"

enum {
    RM_MARK_SHIFT = 52,
    RM_WAITER_SHIFT = 32,
    /// What fits into the first half of a page behind the semaphore.
    RM_PLACE_COUNT = 126,
};

/// A block's lock in this process. All but `owner` and `barging` belong to the thread that has the semaphore; others
/// compare `owner` with their own token, which nobody else ever stores.
///
/// The word is 1 when the lock is free, nobody waits and nothing is surplus, and our mark alone when we have it and nobody
/// waits. So the simple case is one compare-exchange each way, and anything else makes it fail: then the functions below
/// do the rest.
struct rm_lock {
    sem_t *semaphore;
    /// The semaphore's word, or another one that is always 2 where its layout is not known.
    uint64_t *word;
    /// Our place in the table, as it stands in the word; 0 without one. It is the mark of the process that has forked so
    /// often.
    uint64_t mark;
    uint64_t marked_in;
    /// The same, for the thread that looks for a place.
    uint64_t placed_in;
    /// 0 while nobody has it, and in brief operations (see `CRememoryFastPath.h`).
    uint64_t owner;
    uint64_t depth;
    /// How often this process has taken it.
    uint64_t turn;
    /// Since when this process has been releasing in front of sleepers, on the monotonic clock; 0 if it does not.
    uint64_t barging;
    /// How often somebody has posted without having it, as found since the last report.
    uint64_t surplus;
    /// The table of the processes, in the semaphore's page.
    struct rm_identity *places;
};

static inline bool rm_lock_is_mine(const struct rm_lock *lock) {
    return rm_load_relaxed_u64(&lock->owner) == rm_owner_token();
}

/// Notes that this thread has taken the semaphore.
static inline void rm_lock_become_mine(struct rm_lock *lock) {
    rm_store_relaxed_u64(&lock->owner, rm_owner_token());
    lock->depth = 1;
    lock->turn += 1;
}

/// Takes the semaphore if that is simple, or counts up if this thread has it; whether it has it now.
static inline bool rm_lock_enter(struct rm_lock *lock) {
    if (__builtin_expect(rm_lock_is_mine(lock), 0)) {
        lock->depth += 1;
        return true;
    }
    if (__builtin_expect(rm_load_acquire_u64(&lock->marked_in) != rm_forks(), 0)) return false;
    uint64_t expected = 1;
    if (!__atomic_compare_exchange_n(lock->word, &expected, lock->mark, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        return false;
    }
    rm_lock_become_mine(lock);
    return true;
}

/// Counts down, and gives the semaphore back if that is simple. False if this thread still has to, by `rm_lock_post`.
static inline bool rm_lock_leave(struct rm_lock *lock) {
    lock->depth -= 1;
    if (__builtin_expect(lock->depth != 0, 0)) return true;
    rm_store_relaxed_u64(&lock->owner, 0);
    if (__builtin_expect(lock->surplus != 0, 0)) return false;
    uint64_t expected = lock->mark;
    return __atomic_compare_exchange_n(lock->word, &expected, 1, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

/// Gets a place in the table for this process, unless it has one.
void rm_lock_take_place(struct rm_lock *lock);

/// Gives it back, unless it is a parent's. Nobody may use the lock any more.
void rm_lock_leave_place(struct rm_lock *lock);

/// Takes the semaphore if nobody has it; whether it did. What was posted too often is absorbed: while we have it nobody
/// may post, so any value above 0 is a surplus.
bool rm_lock_try(struct rm_lock *lock);

/// Takes the semaphore if it comes free within some microseconds, which are several operations of others; whether it did.
bool rm_lock_spin(struct rm_lock *lock);

/// Waits for the semaphore for at most so long. 0 when it was taken, otherwise errno (ETIMEDOUT, EINTR).
int rm_lock_wait(struct rm_lock *lock, int64_t nanoseconds);

/// Takes it from a holder that is dead, if its mark still stands there (0 for a Python process); whether it did.
bool rm_lock_seize(struct rm_lock *lock, uint64_t mark);

/// Gives the semaphore back, and wakes somebody who waits. How many were woken; -1 where that can't be known.
int rm_lock_post(struct rm_lock *lock);

/// The mark of the Swift process that has it, and who that is. 0 if it is free, Python has it, or it can't be known.
uint64_t rm_lock_holder(const struct rm_lock *lock, struct rm_identity *holder);

#endif
