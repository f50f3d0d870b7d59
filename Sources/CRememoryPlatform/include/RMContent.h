// Stores that change what a pickle in shared memory says by one instruction each: a process that is killed has run it
// or has not.
#ifndef RM_CONTENT_H
#define RM_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Eight bytes at any address.
static inline void rm_store_unaligned_u64(void *address, uint64_t value) {
    typedef uint64_t __attribute__((aligned(1), may_alias)) unaligned;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    *(volatile unaligned *)address = value;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/// Replaces 16 bytes at a 16-byte boundary, if they are what is expected.
#if defined(__x86_64__)
__attribute__((target("cx16")))
#endif
static inline bool rm_exchange_16(void *address, uint64_t expected_low, uint64_t expected_high,
                                  uint64_t low, uint64_t high) {
    unsigned __int128 expected = (unsigned __int128)expected_high << 64 | expected_low;
    unsigned __int128 value = (unsigned __int128)high << 64 | low;
    return __sync_bool_compare_and_swap((unsigned __int128 *)address, expected, value);
}

static inline bool rm_equal(const void *left, const void *right, size_t count) {
    return memcmp(left, right, count) == 0;
}

#endif
