/* An image in memory, and what this program does with one. */
#ifndef IMAGE_H
#define IMAGE_H

#include <stddef.h>
#include <stdint.h>

/* Largest side and largest number of pixels that are decoded or made. */
#define MAX_SIDE 4096
#define MAX_PIXELS (4 * 1024 * 1024)

/* Rows from top to bottom, three bytes a pixel: red, green, blue. */
struct image {
    int width;
    int height;
    uint8_t *pixels;
};

struct bytes {
    uint8_t *data;
    size_t len;
};

/* Each returns null, or a sentence that says what is wrong. On success the caller frees the pixels or data.
 */
const char *jpeg_decode(const uint8_t *data, size_t len, struct image *out);
const char *jpeg_encode(const struct image *image, int quality, struct bytes *out);
const char *image_resize(const struct image *image, int width, int height, struct image *out);
const char *image_sharpen(struct image *image, double amount);

/* Cosines of the 8-point transform: basis[u][x] = c(u)/2 * cos((2x+1)u*pi/16). Shared by both directions. */
extern float dct_basis[8][8];
void dct_prepare(void);

/* Order in which the 64 coefficients of a block are stored (T.81, figure 5). */
extern const uint8_t zigzag[64];

#endif
