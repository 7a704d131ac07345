/* Count-min sketches whose cells are store values: the length of a value is the count, because append is
 * atomic. */
#include "sketch.h"

#include "http_hostcalls.h"
#include "sha256.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 4
#define COLUMNS 128
#define KEY_BYTES 64

static size_t cell_key(char *key, const char *sketch, int64_t window, int row, int column)
{
    return (size_t)snprintf(key, KEY_BYTES, "%s %lld %d %d", sketch, (long long)window, row, column);
}

/* Adds one to a cell and returns its count. */
static int count_cell(const char *sketch, int64_t window, int row, int column)
{
    char key[KEY_BYTES];
    const size_t key_len = cell_key(key, sketch, window, row, column);
    uint8_t *value = NULL;
    size_t len = 0;
    hostcall_kvstore_get(&value, &len, key, key_len);
    free(value);
    if (len >= SKETCH_MAX) {
        return SKETCH_MAX;
    }
    hostcall_kvstore_append(key, key_len, "+", 1);
    return (int)len + 1;
}

/* Key of a note: which window was the last one used ("last"), or the last one used before a window. */
static size_t note_key(char *key, const char *sketch, int64_t window)
{
    return (size_t)(window < 0 ? snprintf(key, KEY_BYTES, "%s last", sketch)
                               : snprintf(key, KEY_BYTES, "%s before %lld", sketch, (long long)window));
}

/* The window that a note names, or -1. */
static int64_t noted(const char *sketch, int64_t window)
{
    char key[KEY_BYTES];
    uint8_t *value = NULL;
    size_t len = 0;
    int64_t result = -1;
    if (hostcall_kvstore_get(&value, &len, key, note_key(key, sketch, window)) && len == sizeof result) {
        memcpy(&result, value, sizeof result);
    }
    free(value);
    return result;
}

/*
 * The first request of a window clears the window before the last one used, however long ago that was. The
 * last one stays: a request that began in it may still be counting.
 */
static void forget(const char *sketch, int64_t window)
{
    char key[KEY_BYTES];
    if (!hostcall_kvstore_upsert(key, note_key(key, sketch, window), "", 0)) {
        return;
    }
    const int64_t last = noted(sketch, -1);
    hostcall_kvstore_insert(key, note_key(key, sketch, window), &last, sizeof last);
    hostcall_kvstore_insert(key, note_key(key, sketch, -1), &window, sizeof window);
    const int64_t old = last < 0 ? -1 : noted(sketch, last);
    if (old < 0) {
        return;
    }
    hostcall_kvstore_remove(key, note_key(key, sketch, old));
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        hostcall_kvstore_remove(key, cell_key(key, sketch, old, i / COLUMNS, i % COLUMNS));
    }
}

int sketch_count(const char *sketch, const char *item, int64_t window)
{
    uint8_t digest[SHA256_BYTES];
    struct sha256 hash;
    forget(sketch, window);
    sha256_start(&hash);
    sha256_add(&hash, item, strlen(item));
    sha256_end(&hash, digest);
    int least = SKETCH_MAX;
    for (int row = 0; row < ROWS; row++) {
        const int count = count_cell(sketch, window, row, digest[row] % COLUMNS);
        least = count < least ? count : least;
    }
    return least;
}
