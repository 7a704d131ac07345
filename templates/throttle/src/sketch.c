/* A count-min sketch whose cells are store values: the length of a value is the count, because append is atomic. */
#include "sketch.h"

#include "http_hostcalls.h"
#include "sha256.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 4
#define COLUMNS 128
#define KEY_BYTES 48

static size_t cell_key(char *key, int64_t window, int row, int column)
{
    return (size_t) snprintf(key, KEY_BYTES, "cell %lld %d %d", (long long) window, row, column);
}

/* Adds one to a cell and returns its count. */
static int count_cell(int64_t window, int row, int column)
{
    char key[KEY_BYTES];
    const size_t key_len = cell_key(key, window, row, column);
    uint8_t *value = NULL;
    size_t len = 0;
    hostcall_kvstore_get(&value, &len, key, key_len);
    free(value);
    if (len >= SKETCH_MAX) {
        return SKETCH_MAX;
    }
    hostcall_kvstore_append(key, key_len, "+", 1);
    return (int) len + 1;
}

/* The first request of a window clears what the one before the last has left. */
static void forget(int64_t window)
{
    char key[KEY_BYTES];
    size_t key_len = (size_t) snprintf(key, sizeof key, "window %lld", (long long) window);
    if (!hostcall_kvstore_upsert(key, key_len, "", 0)) {
        return;
    }
    key_len = (size_t) snprintf(key, sizeof key, "window %lld", (long long) window - 2);
    hostcall_kvstore_remove(key, key_len);
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        hostcall_kvstore_remove(key, cell_key(key, window - 2, i / COLUMNS, i % COLUMNS));
    }
}

int sketch_count(const char *client, int64_t window)
{
    uint8_t digest[SHA256_BYTES];
    struct sha256 hash;
    forget(window);
    sha256_start(&hash);
    sha256_add(&hash, client, strlen(client));
    sha256_end(&hash, digest);
    int least = SKETCH_MAX;
    for (int row = 0; row < ROWS; row++) {
        const int count = count_cell(window, row, digest[row] % COLUMNS);
        least = count < least ? count : least;
    }
    return least;
}
