#include "CFloors.h"

#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SEGMENT = 65536 };

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// Keeps the compiler from leaving out work whose result nobody looks at.
static void use(const void *memory) { __asm__ volatile("" : : "r"(memory) : "memory"); }

int64_t floor_semaphore(const char *name, uint64_t rounds) {
    sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
    if (semaphore == SEM_FAILED) return -1;
    int64_t start = now();
    for (uint64_t round = 0; round < rounds; round++) {
        sem_wait(semaphore);
        sem_post(semaphore);
    }
    int64_t elapsed = now() - start;
    sem_close(semaphore);
    sem_unlink(name);
    return elapsed;
}

int64_t floor_fstat(const char *name, uint64_t rounds) {
    int file = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
    if (file < 0) return -1;
    struct stat found;
    int64_t start = now();
    for (uint64_t round = 0; round < rounds; round++) {
        fstat(file, &found);
        use(&found);
    }
    int64_t elapsed = now() - start;
    close(file);
    shm_unlink(name);
    return elapsed;
}

int64_t floor_memcpy(uint64_t rounds) {
    char *from = calloc(2, SEGMENT);
    if (!from) return -1;
    char *to = from + SEGMENT;
    int64_t start = now();
    for (uint64_t round = 0; round < rounds; round++) {
        memcpy(to, from, SEGMENT);
        use(to);
    }
    int64_t elapsed = now() - start;
    free(from);
    return elapsed;
}

int64_t floor_memcmp(uint64_t rounds) {
    char *first = calloc(2, SEGMENT);
    if (!first) return -1;
    const char *second = first + SEGMENT;
    int64_t differences = 0;
    int64_t start = now();
    for (uint64_t round = 0; round < rounds; round++) {
        differences += memcmp(first, second, SEGMENT);
        use(first);
    }
    int64_t elapsed = now() - start;
    use(&differences);
    free(first);
    return elapsed;
}

/// How many bytes an instruction has, without the text that a length among them counts; 0 for one not known here.
static size_t length_of(uint8_t opcode) {
    switch (opcode) {
        case '.': case ']': case '}': case ')': case '(': case 'a': case 'e': case 's': case 'u': case 'N':
        case 0x85: case 0x86: case 0x87: case 0x88: case 0x89: case 0x94: return 1;
        case 0x80: case 'K': case 'h': case 0x8c: return 2;
        case 'M': return 3;
        case 'J': case 'j': case 'X': return 5;
        case 'G': case 0x95: return 9;
        default: return 0;
    }
}

int64_t floor_opcodes(const uint8_t *pickle, size_t count, uint64_t rounds) {
    uint64_t instructions = 0;
    int64_t start = now();
    for (uint64_t round = 0; round < rounds; round++) {
        size_t position = 0;
        while (position < count) {
            uint8_t opcode = pickle[position];
            size_t length = length_of(opcode);
            if (length == 0 || length > count - position) {
                errno = EINVAL;
                return -1;
            }
            if (opcode == 0x8c) {
                length += pickle[position + 1];
            } else if (opcode == 'X') {
                uint32_t text;
                memcpy(&text, pickle + position + 1, sizeof text);
                length += text;
            }
            position += length;
            instructions++;
        }
        use(&instructions);
    }
    return now() - start;
}
