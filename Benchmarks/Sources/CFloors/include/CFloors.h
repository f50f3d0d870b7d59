// The least that what the package does can cost: the same steps in C, and nothing else.
#ifndef C_FLOORS_H
#define C_FLOORS_H

#include <stddef.h>
#include <stdint.h>

/// Takes a free named semaphore and gives it back, `rounds` times. Makes it, and removes it afterwards.
///
/// Returns nanoseconds for all of it, or -1 with errno set.
int64_t floor_semaphore(const char *name, uint64_t rounds);

/// Asks the kernel about an open file in /dev/shm, `rounds` times. Nanoseconds, or -1 with errno set.
int64_t floor_fstat(const char *name, uint64_t rounds);

/// Copies 64 KiB, the size of a small segment, `rounds` times. Nanoseconds, or -1 with errno set.
int64_t floor_memcpy(uint64_t rounds);

/// Compares 64 KiB that are equal, `rounds` times. Nanoseconds, or -1 with errno set.
int64_t floor_memcmp(uint64_t rounds);

/// Walks over the instructions of a pickle by their lengths alone, `rounds` times.
///
/// Knows the instructions that CPython's C pickler writes for lists and dicts of numbers and strings. Returns
/// nanoseconds, or -1 with errno EINVAL if the pickle has others.
int64_t floor_opcodes(const uint8_t *pickle, size_t count, uint64_t rounds);

#endif
