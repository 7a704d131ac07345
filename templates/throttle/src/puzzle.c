/* Challenges are keyed hashes of client and window, so that nobody can solve ahead and nothing has to be
 * remembered. */
#include "puzzle.h"

#include "config.h"
#include "http_hostcalls.h"
#include "sha256.h"
#include "sketch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SOLUTION 128

/* The deployment's key: whoever comes first draws it, upsert lets only one win. */
static void secret_key(uint8_t key[SHA256_BYTES])
{
    static const char name[] = "puzzle key";
    uint8_t *value;
    size_t len;
    if (!hostcall_kvstore_get(&value, &len, name, sizeof name - 1)) {
        for (int i = 0; i < SHA256_BYTES; i += 8) {
            const uint64_t random = (uint64_t)hostcall_rng_next_u64();
            memcpy(key + i, &random, 8);
        }
        hostcall_kvstore_upsert(name, sizeof name - 1, key, SHA256_BYTES);
        hostcall_kvstore_get(&value, &len, name, sizeof name - 1);
    }
    memcpy(key, value, SHA256_BYTES);
    free(value);
}

void puzzle_challenge(const char *client, int64_t window, char out[CHALLENGE_CHARS + 1])
{
    uint8_t key[SHA256_BYTES], digest[SHA256_BYTES];
    char text[128];
    const int len = snprintf(text, sizeof text, "%lld %s", (long long)window, client);
    secret_key(key);
    hmac_sha256(key, text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1, digest);
    for (int i = 0; i < CHALLENGE_CHARS / 2; i++) {
        snprintf(out + i * 2, 3, "%02x", digest[i]);
    }
}

int puzzle_bits(int requests)
{
    int bits = EASIEST_BITS;
    for (int paid = FREE_REQUESTS * 2; paid < requests && bits < HARDEST_BITS; paid *= 2) {
        bits++;
    }
    return bits;
}

static int zero_bits(const uint8_t *digest)
{
    int bits = 0;
    while (bits < SHA256_BYTES * 8 && (digest[bits / 8] >> (7 - bits % 8) & 1) == 0) {
        bits++;
    }
    return bits;
}

int puzzle_accepts(const char *challenge, int bits, const char *solution, int64_t window)
{
    uint8_t digest[SHA256_BYTES];
    struct sha256 hash;
    const size_t len = strlen(solution);
    if (len > MAX_SOLUTION || strncmp(solution, challenge, CHALLENGE_CHARS) != 0 ||
        solution[CHALLENGE_CHARS] != ':') {
        return 0;
    }
    sha256_start(&hash);
    sha256_add(&hash, solution, len);
    sha256_end(&hash, digest);
    if (zero_bits(digest) < bits) {
        return 0;
    }
    return sketch_count("paid", solution, window) <= FREE_REQUESTS;
}
