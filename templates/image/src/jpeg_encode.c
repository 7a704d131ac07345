/* A baseline JPEG encoder (ITU T.81): three components, colour at half resolution, the tables of its annex K.
 */
#include "image.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t quant_luma[64] = {
    16, 11,  10,  16, 24, 40, 51, 61, 12,  12,  14,  19,  26, 58, 60, 55,  14,  13,  16,  24, 40, 57,
    69, 56,  14,  17, 22, 29, 51, 87, 80,  62,  18,  22,  37, 56, 68, 109, 103, 77,  24,  35, 55, 64,
    81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98,  112, 100, 103, 99,
};
static const uint8_t quant_chroma[64] = {
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99,
    99, 99, 47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
};

/* Number of codes of each length 1..16, then the symbols in order of code. */
static const uint8_t dc_luma[] = {0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0,  0,
                                  0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
static const uint8_t dc_chroma[] = {0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0,  0,
                                    0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
static const uint8_t ac_luma[] = {
    0,    2,    1,    3,    3,    2,    4,    3,    5,    5,    4,    4,    0,    0,    1,    0x7d, 0x01,
    0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71,
    0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0, 0x24, 0x33, 0x62,
    0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x34, 0x35,
    0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56,
    0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77,
    0x78, 0x79, 0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97,
    0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6,
    0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5,
    0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf1, 0xf2,
    0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
};
static const uint8_t ac_chroma[] = {
    0,    2,    1,    2,    4,    4,    3,    4,    7,    5,    4,    4,    0,    1,    2,    0x77, 0x00,
    0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22,
    0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0, 0x15, 0x62, 0x72,
    0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18, 0x19, 0x1a, 0x26, 0x27, 0x28, 0x29, 0x2a,
    0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55,
    0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76,
    0x77, 0x78, 0x79, 0x7a, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95,
    0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4,
    0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3,
    0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf2,
    0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
};

struct code_table {
    uint16_t code[256];
    uint8_t length[256];
};

struct encoder {
    const struct image *image;
    struct bytes *out;
    size_t room;
    int out_of_memory;
    uint32_t bits;
    int bit_count;
    uint8_t quant[2][64];
    struct code_table dc[2], ac[2];
    int predictor[3];
};

static void put(struct encoder *e, int byte)
{
    if (e->out->len == e->room) {
        const size_t room = e->room * 2 + 4096;
        uint8_t *data = realloc(e->out->data, room);
        if (data == NULL) {
            e->out_of_memory = 1;
            return;
        }
        e->out->data = data;
        e->room = room;
    }
    e->out->data[e->out->len++] = (uint8_t)byte;
}

static void put_word(struct encoder *e, int word)
{
    put(e, word >> 8);
    put(e, word & 255);
}

static void put_all(struct encoder *e, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        put(e, bytes[i]);
    }
}

static void put_bits(struct encoder *e, int value, int count)
{
    e->bits = e->bits << count | ((uint32_t)value & ((1u << count) - 1));
    e->bit_count += count;
    while (e->bit_count >= 8) {
        e->bit_count -= 8;
        const int byte = e->bits >> e->bit_count & 255;
        put(e, byte);
        if (byte == 255) {
            put(e, 0);
        }
    }
}

static void build_codes(struct code_table *table, const uint8_t *definition)
{
    const uint8_t *symbol = definition + 16;
    int code = 0;
    for (int length = 1; length <= 16; length++) {
        for (int i = 0; i < definition[length - 1]; i++) {
            table->code[*symbol] = (uint16_t)code++;
            table->length[*symbol++] = (uint8_t)length;
        }
        code <<= 1;
    }
}

/* Quality 1..100 scales the tables as is custom: 50 leaves them, 100 makes all ones. */
static void build_quant(uint8_t *table, const uint8_t *base, int quality)
{
    const int scale = quality < 50 ? 5000 / quality : 200 - quality * 2;
    for (int i = 0; i < 64; i++) {
        const int value = (base[i] * scale + 50) / 100;
        table[i] = (uint8_t)(value < 1 ? 1 : value > 255 ? 255 : value);
    }
}

static void put_tables(struct encoder *e)
{
    static const uint8_t app0[] = {0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F',
                                   0,    1,    1,    0,    0, 1,  0,   1,   0,   0};
    put_all(e, app0, sizeof app0);
    for (int t = 0; t < 2; t++) {
        put_word(e, 0xffdb);
        put_word(e, 67);
        put(e, t);
        for (int i = 0; i < 64; i++) {
            put(e, e->quant[t][zigzag[i]]);
        }
    }
}

static void put_huffman(struct encoder *e, int head, const uint8_t *definition, size_t len)
{
    put_word(e, 0xffc4);
    put_word(e, (int)len + 3);
    put(e, head);
    put_all(e, definition, len);
}

static void put_frame(struct encoder *e)
{
    put_word(e, 0xffc0);
    put_word(e, 17);
    put(e, 8);
    put_word(e, e->image->height);
    put_word(e, e->image->width);
    put(e, 3);
    static const uint8_t components[] = {1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1};
    put_all(e, components, sizeof components);
    put_huffman(e, 0x00, dc_luma, sizeof dc_luma);
    put_huffman(e, 0x10, ac_luma, sizeof ac_luma);
    put_huffman(e, 0x01, dc_chroma, sizeof dc_chroma);
    put_huffman(e, 0x11, ac_chroma, sizeof ac_chroma);
    static const uint8_t scan[] = {0xff, 0xda, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0};
    put_all(e, scan, sizeof scan);
}

static void forward_dct(float block[8][8])
{
    float rows[8][8];
    for (int y = 0; y < 8; y++) {
        for (int u = 0; u < 8; u++) {
            rows[y][u] = 0;
            for (int x = 0; x < 8; x++) {
                rows[y][u] += block[y][x] * dct_basis[u][x];
            }
        }
    }
    for (int v = 0; v < 8; v++) {
        for (int u = 0; u < 8; u++) {
            block[v][u] = 0;
            for (int y = 0; y < 8; y++) {
                block[v][u] += rows[y][u] * dct_basis[v][y];
            }
        }
    }
}

static int bit_length(int value)
{
    int length = 0;
    for (int rest = abs(value); rest != 0; rest >>= 1) {
        length++;
    }
    return length;
}

static void put_value(struct encoder *e, int value, int length)
{
    put_bits(e, value < 0 ? value + (1 << length) - 1 : value, length);
}

static void encode_block(struct encoder *e, float block[8][8], int component)
{
    const int t = component != 0;
    int coefficients[64];
    forward_dct(block);
    for (int i = 0; i < 64; i++) {
        const int index = zigzag[i];
        coefficients[i] = (int)lroundf(block[index / 8][index % 8] / e->quant[t][index]);
    }
    const int difference = coefficients[0] - e->predictor[component];
    e->predictor[component] = coefficients[0];
    const int size = bit_length(difference);
    put_bits(e, e->dc[t].code[size], e->dc[t].length[size]);
    put_value(e, difference, size);
    int run = 0;
    for (int i = 1; i < 64; i++) {
        if (coefficients[i] == 0) {
            run++;
            continue;
        }
        for (; run > 15; run -= 16) {
            put_bits(e, e->ac[t].code[0xf0], e->ac[t].length[0xf0]);
        }
        const int length = bit_length(coefficients[i]);
        const int symbol = run << 4 | length;
        put_bits(e, e->ac[t].code[symbol], e->ac[t].length[symbol]);
        put_value(e, coefficients[i], length);
        run = 0;
    }
    if (run > 0) {
        put_bits(e, e->ac[t].code[0], e->ac[t].length[0]);
    }
}

/* Luma or a colour difference of the pixel at x, y, or of the nearest one inside. */
static float component_at(const struct image *image, int x, int y, int component)
{
    x = x < image->width ? x : image->width - 1;
    y = y < image->height ? y : image->height - 1;
    const uint8_t *p = image->pixels + (y * image->width + x) * 3;
    switch (component) {
    case 0:
        return 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2] - 128;
    case 1:
        return -0.168736f * p[0] - 0.331264f * p[1] + 0.5f * p[2];
    default:
        return 0.5f * p[0] - 0.418688f * p[1] - 0.081312f * p[2];
    }
}

/* 16 x 16 pixels: four blocks of luma, one of each colour difference averaged over 2 x 2. */
static void encode_unit(struct encoder *e, int left, int top)
{
    float block[8][8];
    for (int b = 0; b < 4; b++) {
        for (int i = 0; i < 64; i++) {
            block[i / 8][i % 8] =
                component_at(e->image, left + b % 2 * 8 + i % 8, top + b / 2 * 8 + i / 8, 0);
        }
        encode_block(e, block, 0);
    }
    for (int component = 1; component < 3; component++) {
        for (int i = 0; i < 64; i++) {
            const int x = left + i % 8 * 2, y = top + i / 8 * 2;
            block[i / 8][i % 8] =
                (component_at(e->image, x, y, component) + component_at(e->image, x + 1, y, component) +
                 component_at(e->image, x, y + 1, component) +
                 component_at(e->image, x + 1, y + 1, component)) /
                4;
        }
        encode_block(e, block, component);
    }
}

const char *jpeg_encode(const struct image *image, int quality, struct bytes *out)
{
    struct encoder *e = calloc(1, sizeof *e);
    if (e == NULL) {
        return "The image does not fit into memory";
    }
    *out = (struct bytes){NULL, 0};
    e->image = image;
    e->out = out;
    dct_prepare();
    build_quant(e->quant[0], quant_luma, quality);
    build_quant(e->quant[1], quant_chroma, quality);
    build_codes(&e->dc[0], dc_luma);
    build_codes(&e->dc[1], dc_chroma);
    build_codes(&e->ac[0], ac_luma);
    build_codes(&e->ac[1], ac_chroma);
    put_tables(e);
    put_frame(e);
    for (int top = 0; top < image->height; top += 16) {
        for (int left = 0; left < image->width; left += 16) {
            encode_unit(e, left, top);
        }
    }
    put_bits(e, 0x7f, 7);
    put_word(e, 0xffd9);
    const int out_of_memory = e->out_of_memory;
    free(e);
    if (out_of_memory) {
        free(out->data);
        return "The image does not fit into memory";
    }
    return NULL;
}
