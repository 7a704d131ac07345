/* Unsharp masking: what a small blur takes away is added again, `amount` times. */
#include "image.h"

#include <stdlib.h>
#include <string.h>

static int inside(int value, int size)
{
    return value < 0 ? 0 : value >= size ? size - 1 : value;
}

/* The 3 x 3 binomial blur (1 2 1, 2 4 2, 1 2 1) / 16 of one component. */
static double blurred(const uint8_t *pixels, const struct image *image, int x, int y, int c)
{
    int sum = 0;
    for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
            const int weight = (2 - abs(dx)) * (2 - abs(dy));
            sum +=
                weight *
                pixels[(inside(y + dy, image->height) * image->width + inside(x + dx, image->width)) * 3 + c];
        }
    }
    return sum / 16.0;
}

const char *image_sharpen(struct image *image, double amount)
{
    const size_t len = (size_t)image->width * (size_t)image->height * 3;
    uint8_t *before = malloc(len);
    if (before == NULL) {
        return "The image does not fit into memory";
    }
    memcpy(before, image->pixels, len);
    for (int y = 0; y < image->height; y++) {
        for (int x = 0; x < image->width; x++) {
            for (int c = 0; c < 3; c++) {
                const int index = (y * image->width + x) * 3 + c;
                const double value =
                    before[index] + amount * (before[index] - blurred(before, image, x, y, c));
                image->pixels[index] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value + 0.5);
            }
        }
    }
    free(before);
    return NULL;
}
