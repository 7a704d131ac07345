/* SHA-256 (FIPS 180-4) and HMAC (RFC 2104). */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32

struct sha256 {
    uint32_t state[8];
    uint64_t len;
    uint8_t block[64];
};

void sha256_start(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *data, size_t len);
void sha256_end(struct sha256 *hash, uint8_t out[SHA256_BYTES]);

/* Keyed hash; the key has SHA256_BYTES bytes. */
void hmac_sha256(const uint8_t key[SHA256_BYTES], const void *data, size_t len, uint8_t out[SHA256_BYTES]);

#endif
