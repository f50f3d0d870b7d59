// What the benchmark compares with: the least that an operation on a shared number can cost.
#ifndef C_BENCH_FLOOR_H
#define C_BENCH_FLOOR_H

#include <stdint.h>

/// Waits for the semaphore, loads the eight bytes at the segment's beginning and posts, `rounds` times.
///
/// Returns nanoseconds for all of it, or -1 with errno set if one of the two can't be opened.
int64_t bench_wait_load_post(const char *semaphore, const char *segment, uint64_t rounds);

#endif
