// The sentinel: noticing by loads alone that a file lost or changed its names.
//
// A process watches its segments by inotify. inotify is watched by epoll, epoll by a poll request of Linux AIO, whose
// completions the kernel writes to a ring in our memory. The task that unlinks a file or renames over it runs the whole
// chain itself: the ring's tail has moved before its system call returns. It gives the semaphore back later, and we take
// it later still, so a load of the tail with the semaphore held sees every replacement made before.
//
// The program may close the descriptors, as daemons do with all they find: the kernel keeps the chain alive, and it is
// noticed when it has gone off.
//
// `rm_sentinel_word` is (epoch << 32 | tail when armed), or 0: not armed. A segment that was found in place while the
// word was W is in place as long as the word is W and the ring's tail is W's low half.
#ifndef C_REMEMORY_SENTINEL_H
#define C_REMEMORY_SENTINEL_H

#include <stdbool.h>
#include <stdint.h>

/// Points to the word: on a page that a forked child reads as zeros, and before the set-up to a zero.
extern const uint64_t *rm_sentinel_word;
/// Points to the ring's tail. Not to be followed unless the word is other than 0.
extern const uint32_t *rm_sentinel_tail;

/// Whether nothing has happened to any watched file since the word was `seen`.
static inline bool rm_sentinel_is_quiet(uint64_t seen) {
    const uint64_t *word = __atomic_load_n(&rm_sentinel_word, __ATOMIC_RELAXED);
    if (seen == 0 || __atomic_load_n(word, __ATOMIC_ACQUIRE) != seen) return false;
    const uint32_t *tail = __atomic_load_n(&rm_sentinel_tail, __ATOMIC_ACQUIRE);
    if (__atomic_load_n(tail, __ATOMIC_ACQUIRE) != (uint32_t)seen) return false;
    // The tail comes round, and another ring begins where this one did: it counts only if it was not armed anew between.
    return __atomic_load_n(word, __ATOMIC_RELAXED) == seen;
}

/// Watches an open file. Returns which set-up it belongs to (a forked child has another one, and so has who lost its
/// descriptors), or 0 if there is no sentinel here; `*watch` is for `rm_sentinel_unwatch`. A file may be watched by
/// several.
uint32_t rm_sentinel_watch(int descriptor, int *watch);

/// Ends a watch of a set-up.
void rm_sentinel_unwatch(uint32_t setup, int watch);

/// The set-up that watches belong to now; 0 if there is none.
uint32_t rm_sentinel_setup(void);

/// Arms it if it has gone off, and returns the word: look at the names *afterwards*. 0 if that set-up is no more, or if
/// its descriptors turn out to be somebody else's: then it is no more from now on.
uint64_t rm_sentinel_arm(uint32_t setup);

#endif
