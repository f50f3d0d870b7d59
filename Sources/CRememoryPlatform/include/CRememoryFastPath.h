// What every operation does when nothing is in its way, on plain memory: no reference is counted, nothing called but the
// semaphore. Each function answers whether it was that simple; if not, Swift does it the long way.
#ifndef C_REMEMORY_FAST_PATH_H
#define C_REMEMORY_FAST_PATH_H

#include "CRememoryCalls.h"
#include "CRememorySentinel.h"

/// A block's lock in this process. All but `owner`, `holder` and `barging` belong to the thread that has the semaphore; others
/// compare `owner` with their own token, which nobody else ever stores.
///
/// The word of the semaphore is 1 when it is free, nobody sleeps on it and nothing is surplus, 0 when somebody has it
/// and nobody sleeps. So the simple case is one compare-exchange each way, and anything else makes it fail: then glibc's
/// own functions do the rest.
struct rm_lock {
    sem_t *semaphore;
    /// The semaphore's word, or another one that is always 2 where its layout is not known.
    uint64_t *word;
    /// Where the process that has it leaves who it is, for others to find should it die: behind the semaphore's 32 bytes,
    /// on the same cache line. A dummy where there is no such place.
    struct rm_identity *holder;
    uint64_t owner;
    uint64_t depth;
    /// How often this process has taken it.
    uint64_t turn;
    /// Since when this process has been releasing in front of sleepers, on the monotonic clock; 0 if it does not.
    uint64_t barging;
    /// How often somebody has posted without having it, as found since the last report.
    uint64_t surplus;
};

/// A block's segment in this process. Belongs to the thread that has the lock.
struct rm_segment {
    struct rm_lock *lock;
    uint8_t *bytes;
    size_t count;
    /// Never used twice in a process: the bytes of another segment have another number.
    uint64_t generation;
    /// The sentinel's word when the segment was last found under its name; 0 if it is not known to be there.
    uint64_t seen;
    /// So many operations may trust the sentinel before the name is looked at again.
    uint32_t trust;
    /// So many operations look at the name before the sentinel is asked for.
    uint32_t patience;
    /// How many operations are going on, one within the other: only the outermost looks whether the segment is current,
    /// so that it stays the same one for all of it.
    uint32_t inside;
    /// The lock's turn that they began in. What a forked child finds here may be those of a thread that it doesn't have.
    uint64_t turn;
};

static inline bool rm_lock_is_mine(const struct rm_lock *lock) {
    return rm_load_relaxed_u64(&lock->owner) == rm_owner_token();
}

/// Takes what was posted too often: while we have it nobody may post, so any value above 0 is a surplus.
void rm_lock_absorb_surplus(struct rm_lock *lock);

/// Notes that this thread has taken the semaphore.
static inline void rm_lock_become_mine(struct rm_lock *lock) {
    rm_store_relaxed_u64(&lock->holder->start, rm_process.start);
    rm_store_release_u64(&lock->holder->word, rm_process.word);
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
    uint64_t expected = 1;
    if (!__atomic_compare_exchange_n(lock->word, &expected, 0, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return false;
    rm_lock_become_mine(lock);
    return true;
}

/// Counts down, and posts if that is simple. False if this thread still has to post.
static inline bool rm_lock_leave(struct rm_lock *lock) {
    lock->depth -= 1;
    if (__builtin_expect(lock->depth != 0, 0)) return true;
    rm_store_relaxed_u64(&lock->owner, 0);
    rm_store_relaxed_u64(&lock->holder->word, 0);
    if (__builtin_expect(lock->surplus != 0, 0)) return false;
    uint64_t expected = 0;
    return __atomic_compare_exchange_n(lock->word, &expected, 1, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

/// Counts an operation in, with the lock held; how many are going on now.
static inline uint32_t rm_segment_begin(struct rm_segment *segment) {
    if (__builtin_expect(segment->turn != segment->lock->turn, 1)) {
        segment->turn = segment->lock->turn;
        segment->inside = 0;
    }
    return segment->inside += 1;
}

/// Enters an operation. False if this thread doesn't have the lock yet, or has it and the name is to be looked at.
static inline bool rm_segment_enter(struct rm_segment *segment) {
    if (!rm_lock_enter(segment->lock)) return false;
    if (rm_segment_begin(segment) > 1) return true;
    if (!rm_sentinel_is_quiet(segment->seen) || segment->trust == 0) return false;
    segment->trust -= 1;
    return true;
}

/// Leaves an operation. False as `rm_lock_leave`.
static inline bool rm_segment_leave(struct rm_segment *segment) {
    segment->inside -= 1;
    return rm_lock_leave(segment->lock);
}

#endif
