// What every operation does when nothing is in its way, on plain memory: no reference is counted, nothing called but the
// semaphore. Each function answers whether it was that simple; if not, Swift does it the long way.
#ifndef C_REMEMORY_FAST_PATH_H
#define C_REMEMORY_FAST_PATH_H

#include "CRememoryLock.h"
#include "CRememorySentinel.h"

/// A block's segment in this process. Belongs to the thread that has the lock.
struct rm_segment {
    uint8_t *bytes;
    size_t count;
    /// Another one after somebody has removed the semaphore: changed with both held, never freed before the segment is.
    /// (Not the first: it is read without the lock, and the thread sanitizer takes Swift's stores to any for one to that.)
    struct rm_lock *lock;
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
    /// How many have begun within others: who lets others' code run sees by it whether that has used the block.
    uint32_t within;
    /// The lock's turn that they began in. What a forked child finds here may be those of a thread that it doesn't have.
    uint64_t turn;
};

/// Gives a lock back at once, whoever waits for it.
static inline void rm_lock_give_back(struct rm_lock *lock) {
    if (!rm_lock_leave(lock)) rm_lock_post(lock);
}

static inline struct rm_lock *rm_segment_lock(const struct rm_segment *segment) {
    return __atomic_load_n(&segment->lock, __ATOMIC_RELAXED);
}

/// Lets another lock guard the segment, in the middle of an operation or not. The thread has both.
static inline void rm_segment_change_lock(struct rm_segment *segment, struct rm_lock *lock) {
    bool is_inside = segment->turn == segment->lock->turn;
    segment->turn = is_inside ? lock->turn : lock->turn - 1;
    __atomic_store_n(&segment->lock, lock, __ATOMIC_RELEASE);
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
    struct rm_lock *lock = rm_segment_lock(segment);
    if (!rm_lock_enter(lock)) return false;
    if (__builtin_expect(lock != rm_segment_lock(segment), 0)) {
        rm_lock_give_back(lock);
        return false;
    }
    if (rm_segment_begin(segment) > 1) {
        segment->within += 1;
        return true;
    }
    if (!rm_sentinel_is_quiet(segment->seen) || segment->trust == 0) return false;
    segment->trust -= 1;
    return true;
}

/// Leaves an operation. False as `rm_lock_leave`.
static inline bool rm_segment_leave(struct rm_segment *segment) {
    segment->inside -= 1;
    return rm_lock_leave(segment->lock);
}

// MARK: Brief operations

/// What has to be known to give back what a brief operation has taken: asked for before the lock was, since whatever is
/// loaded between taking it and giving it back is waited for.
struct rm_brief {
    /// NULL if the operation can't be a brief one.
    uint64_t *word;
    uint64_t mark;
};

/// Leaves what `rm_segment_enter_briefly` has entered. False as `rm_lock_leave`.
static inline bool rm_brief_leave(struct rm_brief brief) {
    uint64_t expected = brief.mark;
    return __atomic_compare_exchange_n(brief.word, &expected, 1, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

/// Enters an operation that runs nobody else's code, so that no other begins within it. Nothing has to remember then which
/// thread has the lock, or how often; that it is taken, and by which process, the semaphore's word says. If it is not that
/// simple nothing has changed, and it is an operation like any other.
static inline struct rm_brief rm_segment_enter_briefly(struct rm_segment *segment) {
    const struct rm_brief none = {NULL, 0};
    struct rm_lock *lock = rm_segment_lock(segment);
    if (__builtin_expect(rm_lock_is_mine(lock), 0)) return none;
    if (__builtin_expect(rm_load_acquire_u64(&lock->marked_in) != rm_forks(), 0)) return none;
    struct rm_brief brief = {lock->word, lock->mark};
    // Without a mark, only the owner tells those of this process who look for a dead holder that it is one of them.
    if (__builtin_expect(brief.mark == 0, 0)) return none;
    uint64_t expected = 1;
    if (!__atomic_compare_exchange_n(
            brief.word, &expected, brief.mark, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        return none;
    }
    if (__builtin_expect(lock == rm_segment_lock(segment) && segment->trust != 0
            && rm_sentinel_is_quiet(segment->seen), 1)) {
        segment->trust -= 1;
        return brief;
    }
    if (!rm_brief_leave(brief)) rm_lock_post(lock);
    return none;
}

/// Leaves an operation that was to be brief, however it was entered: only a brief one has no owner. False as
/// `rm_lock_leave`.
static inline bool rm_segment_leave_briefly(struct rm_segment *segment) {
    struct rm_lock *lock = segment->lock;
    if (__builtin_expect(rm_lock_is_mine(lock), 0)) return rm_segment_leave(segment);
    return rm_brief_leave((struct rm_brief){lock->word, lock->mark});
}

#endif
