// A peer for the tests, written against the protocol alone and none of the package's code: it takes the block's
// semaphore, adds 1 to the 64-bit counter at offset 8, and puts it into a new segment under the same name; again and
// again.
//
//     growth-peer NAME GROWTHS follow    as a Swift process: by unlink and by rename in turn, the guard goes along
//     growth-peer NAME GROWTHS double    as Python does it: unlink, then a segment twice as large, the guard stays
//     growth-peer NAME GROWTHS hold      no growth: has the semaphore for 100 microseconds at a time
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HIDDEN "/dev/shm/.rememory\xC2\xA7"

static char name_path[400], guard_path[400], new_path[400];

static sem_t *held;

static void fail(const char *what) {
    fprintf(stderr, "growth-peer: %s: %s\n", what, strerror(errno));
    if (held) sem_post(held);
    exit(1);
}

static void spin(int64_t nanoseconds) {
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - start.tv_sec) * 1000000000 + now.tv_nsec - start.tv_nsec < nanoseconds);
}

static uint8_t *map(int file, size_t size) {
    uint8_t *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (bytes == MAP_FAILED) fail("mmap");
    return bytes;
}

/// What has the name, with 1 added.
static uint8_t *added(size_t *size) {
    int file = open(name_path, O_RDWR | O_CLOEXEC);
    struct stat facts;
    if (file < 0 || fstat(file, &facts) != 0) fail(name_path);
    *size = (size_t)facts.st_size;
    uint8_t *bytes = map(file, *size);
    close(file);
    uint64_t counter;
    memcpy(&counter, bytes + 8, 8);
    counter += 1;
    memcpy(bytes + 8, &counter, 8);
    return bytes;
}

/// Keeps the file's lock until the next one is made: the sign that somebody lives by it. It has the lock before it has a
/// name: under a hidden one it would be taken for a left-over.
static void make(const char *path, const uint8_t *content, size_t count, size_t size) {
    static int kept = -1;
    int file = open("/dev/shm", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
    if (file < 0 || flock(file, LOCK_SH) != 0 || posix_fallocate(file, 0, (off_t)size) != 0) fail("O_TMPFILE");
    uint8_t *bytes = map(file, size);
    memcpy(bytes, content, count);
    munmap(bytes, size);
    char from[40];
    snprintf(from, sizeof from, "/proc/self/fd/%d", file);
    if (linkat(AT_FDCWD, from, AT_FDCWD, path, AT_SYMLINK_FOLLOW) != 0) fail(path);
    close(kept);
    kept = file;
}

static void move_guard(void) {
    if (link(name_path, new_path) != 0 || rename(new_path, guard_path) != 0) fail(guard_path);
}

static void grow(bool by_rename, bool doubles) {
    size_t size;
    uint8_t *bytes = added(&size);
    if (by_rename) {
        make(new_path, bytes, size, size);
        if (rename(new_path, name_path) != 0) fail("rename");
    } else {
        if (unlink(name_path) != 0) fail("unlink");
        make(name_path, bytes, size, doubles ? 2 * size : size);
    }
    if (!doubles) move_guard();
    munmap(bytes, size);
}

static void hold(void) {
    size_t size;
    uint8_t *bytes = added(&size);
    munmap(bytes, size);
    spin(100000);
}

int main(int count, char **arguments) {
    if (count != 4) return 2;
    const char *name = arguments[1], *how = arguments[3];
    char semaphore_name[400];
    snprintf(semaphore_name, sizeof semaphore_name, "/rememorydict_%s", name);
    snprintf(name_path, sizeof name_path, "/dev/shm/%s", name);
    snprintf(guard_path, sizeof guard_path, HIDDEN "%s", name);
    snprintf(new_path, sizeof new_path, HIDDEN "%s\xC2\xA7", name);
    sem_t *semaphore = sem_open(semaphore_name, 0);
    if (semaphore == SEM_FAILED) fail(semaphore_name);
    unsigned seed = (unsigned)getpid();
    bool doubles = strcmp(how, "double") == 0, holds = strcmp(how, "hold") == 0;
    for (long i = 0, growths = atol(arguments[2]); i < growths; i += 1) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += 60;
        while (sem_clockwait(semaphore, CLOCK_MONOTONIC, &until) != 0) {
            if (errno != EINTR) fail("sem_clockwait");
        }
        held = semaphore;
        if (holds) {
            hold();
        } else {
            grow(i % 2 == 1 && !doubles, doubles);
        }
        held = NULL;
        sem_post(semaphore);
        // Now at once, now long enough for the others to trust what they have.
        if (!holds) spin(rand_r(&seed) % 20000);
    }
    return 0;
}
