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

/// Whether two texts are equal. Short ones, as most keys are, are compared by two loads that may overlap: a call costs
/// more.
static inline bool rm_equal(const void *left, const void *right, size_t count) {
    const uint8_t *a = (const uint8_t *)left, *b = (const uint8_t *)right;
    if (count > 16) return memcmp(a, b, count) == 0;
    if (count >= 8) {
        uint64_t first[2], last[2];
        memcpy(&first[0], a, 8);
        memcpy(&first[1], b, 8);
        memcpy(&last[0], a + count - 8, 8);
        memcpy(&last[1], b + count - 8, 8);
        return ((first[0] ^ first[1]) | (last[0] ^ last[1])) == 0;
    }
    if (count >= 4) {
        uint32_t first[2], last[2];
        memcpy(&first[0], a, 4);
        memcpy(&first[1], b, 4);
        memcpy(&last[0], a + count - 4, 4);
        memcpy(&last[1], b + count - 4, 4);
        return ((first[0] ^ first[1]) | (last[0] ^ last[1])) == 0;
    }
    return count == 0 || ((a[0] ^ b[0]) | (a[count / 2] ^ b[count / 2]) | (a[count - 1] ^ b[count - 1])) == 0;
}

#endif
