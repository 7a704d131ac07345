/* Resizing with a triangle filter, one direction after the other. Shrinking widens the filter, so that
 * nothing is skipped. */
#include "image.h"

#include <math.h>
#include <stdlib.h>

/* Resizes lines of `from` samples to `to`; a sample is three bytes, samples lie `step` and lines `line` bytes
 * apart. */
static void resize_lines(const uint8_t *in, uint8_t *out, int from, int to, int lines, int in_step,
                         int in_line, int out_step, int out_line)
{
    const double scale = (double)from / to;
    const double radius = scale > 1 ? scale : 1;
    for (int i = 0; i < to; i++) {
        const double centre = (i + 0.5) * scale - 0.5;
        const int first = (int)ceil(centre - radius), last = (int)floor(centre + radius);
        for (int line = 0; line < lines; line++) {
            float sums[3] = {0, 0, 0}, total = 0;
            for (int j = first; j <= last; j++) {
                const float weight = (float)(1 - fabs(j - centre) / radius);
                const int inside = j < 0 ? 0 : j >= from ? from - 1 : j;
                const uint8_t *sample = in + line * in_line + inside * in_step;
                total += weight;
                for (int c = 0; c < 3; c++) {
                    sums[c] += weight * sample[c];
                }
            }
            for (int c = 0; c < 3; c++) {
                out[line * out_line + i * out_step + c] = (uint8_t)(sums[c] / total + 0.5f);
            }
        }
    }
}

const char *image_resize(const struct image *image, int width, int height, struct image *out)
{
    uint8_t *narrowed = malloc((size_t)width * (size_t)image->height * 3);
    uint8_t *pixels = malloc((size_t)width * (size_t)height * 3);
    if (narrowed == NULL || pixels == NULL) {
        free(narrowed);
        free(pixels);
        return "The image does not fit into memory";
    }
    resize_lines(image->pixels, narrowed, image->width, width, image->height, 3, image->width * 3, 3,
                 width * 3);
    resize_lines(narrowed, pixels, image->height, height, width, width * 3, 3, width * 3, 3);
    free(narrowed);
    *out = (struct image){width, height, pixels};
    return NULL;
}
