#include "CBenchFloor.h"

#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t measure(sem_t *semaphore, const volatile int64_t *value, uint64_t rounds) {
    int64_t start = now();
    for (uint64_t round = 0; round < rounds; round++) {
        sem_wait(semaphore);
        (void)*value;
        sem_post(semaphore);
    }
    return now() - start;
}

int64_t bench_wait_load_post(const char *semaphore, const char *segment, uint64_t rounds) {
    sem_t *opened = sem_open(semaphore, 0);
    if (opened == SEM_FAILED) return -1;
    int64_t elapsed = -1;
    int file = shm_open(segment, O_RDONLY, 0);
    if (file >= 0) {
        void *page = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
        close(file);
        if (page != MAP_FAILED) {
            elapsed = measure(opened, page, rounds);
            munmap(page, sizeof(int64_t));
        }
    }
    sem_close(opened);
    return elapsed;
}
