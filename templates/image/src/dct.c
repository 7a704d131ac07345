/* What decoder and encoder share: the cosine basis and the zigzag order. */
#include "image.h"

#include <math.h>

float dct_basis[8][8];

const uint8_t zigzag[64] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
};

void dct_prepare(void)
{
    for (int u = 0; u < 8; u++) {
        const double scale = u == 0 ? sqrt(0.125) : 0.5;
        for (int x = 0; x < 8; x++) {
            dct_basis[u][x] = (float)(scale * cos((2 * x + 1) * u * M_PI / 16));
        }
    }
}
