/* A JPEG decoder (ITU T.81): baseline and progressive, 8 bits, grey or three components, any subsampling,
 * restarts. */
#include "image.h"

#include <stdlib.h>
#include <string.h>

#define MAX_COMPONENTS 3

struct huffman {
    uint8_t present;
    uint8_t symbols[256];
    /* By code length 1..16: the first code beyond that length, and the index of its first symbol. */
    int32_t limit[17];
    int32_t offset[17];
};

struct component {
    int id;
    int h, v;
    int quant;
    int dc_table, ac_table;
    int predictor;
    /* Blocks that hold pixels, and blocks in whole units of interleaving. */
    int blocks_wide, blocks_high;
    int stride, rows;
    int16_t *blocks;
    uint8_t *plane;
};

struct decoder {
    const uint8_t *at, *end;
    const char *error;
    int width, height, count;
    int h_max, v_max;
    int progressive, adobe_transform, restart_interval;
    uint16_t quant[4][64];
    struct huffman dc[4], ac[4];
    struct component components[MAX_COMPONENTS];
    /* The scan under way. */
    struct component *scan[MAX_COMPONENTS];
    int scan_count, spectral_start, spectral_end, high, low;
    int end_of_band;
    /* Bits read ahead; a marker ends them. */
    uint32_t bits;
    int bit_count;
};

static void fail(struct decoder *d, const char *error)
{
    if (d->error == NULL) {
        d->error = error;
    }
}

static int next_byte(struct decoder *d)
{
    if (d->at >= d->end) {
        fail(d, "The JPEG ends early");
        return 0;
    }
    return *d->at++;
}

static int next_word(struct decoder *d)
{
    const int high = next_byte(d);
    return high << 8 | next_byte(d);
}

/* Entropy-coded bits; behind a marker there are only zeros. */
static int next_bit(struct decoder *d)
{
    if (d->bit_count == 0) {
        d->bits = 0;
        if (d->at + 1 < d->end && !(d->at[0] == 0xff && d->at[1] != 0)) {
            d->bits = *d->at;
            d->at += d->at[0] == 0xff ? 2 : 1;
        } else if (d->at >= d->end) {
            fail(d, "The JPEG ends early");
        }
        d->bit_count = 8;
    }
    d->bit_count--;
    return d->bits >> d->bit_count & 1;
}

static int next_bits(struct decoder *d, int count)
{
    int value = 0;
    while (count-- > 0) {
        value = value << 1 | next_bit(d);
    }
    return value;
}

/* A signed value of so many bits (T.81, F.2.2.1). */
static int next_signed(struct decoder *d, int count)
{
    if (count == 0) {
        return 0;
    }
    const int value = next_bits(d, count);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
}

static int next_symbol(struct decoder *d, const struct huffman *table)
{
    int32_t code = 0;
    for (int length = 1; length <= 16; length++) {
        code = code << 1 | next_bit(d);
        if (code < table->limit[length]) {
            return table->symbols[(code + table->offset[length]) & 255];
        }
    }
    fail(d, "The JPEG has a code that its table does not know");
    return 0;
}

static void read_quant(struct decoder *d, const uint8_t *segment_end)
{
    while (d->at < segment_end && d->error == NULL) {
        const int head = next_byte(d);
        for (int i = 0; i < 64; i++) {
            d->quant[head & 3][zigzag[i]] = (uint16_t)(head >> 4 ? next_word(d) : next_byte(d));
        }
    }
}

static void read_huffman(struct decoder *d, const uint8_t *segment_end)
{
    while (d->at < segment_end && d->error == NULL) {
        const int head = next_byte(d);
        struct huffman *table = head >> 4 ? &d->ac[head & 3] : &d->dc[head & 3];
        uint8_t counts[17];
        int total = 0;
        int32_t code = 0;
        for (int length = 1; length <= 16; length++) {
            counts[length] = (uint8_t)next_byte(d);
            table->offset[length] = total - code;
            code += counts[length];
            total += counts[length];
            table->limit[length] = code;
            code <<= 1;
        }
        if (total > 256) {
            fail(d, "The JPEG has a Huffman table with too many symbols");
            return;
        }
        for (int i = 0; i < total; i++) {
            table->symbols[i] = (uint8_t)next_byte(d);
        }
        table->present = 1;
    }
}

static int divide_up(int value, int by)
{
    return (value + by - 1) / by;
}

static void allocate_component(struct decoder *d, struct component *c)
{
    const int units_wide = divide_up(d->width, 8 * d->h_max);
    const int units_high = divide_up(d->height, 8 * d->v_max);
    c->blocks_wide = divide_up(divide_up(d->width * c->h, d->h_max), 8);
    c->blocks_high = divide_up(divide_up(d->height * c->v, d->v_max), 8);
    c->stride = units_wide * c->h;
    c->rows = units_high * c->v;
    c->blocks = calloc((size_t)c->stride * (size_t)c->rows, 64 * sizeof(int16_t));
    c->plane = malloc((size_t)c->stride * (size_t)c->rows * 64);
    if (c->blocks == NULL || c->plane == NULL) {
        fail(d, "The image does not fit into memory");
    }
}

static void read_frame(struct decoder *d)
{
    if (d->count != 0) {
        fail(d, "The JPEG has two frames");
        return;
    }
    const int precision = next_byte(d);
    d->height = next_word(d);
    d->width = next_word(d);
    const int count = next_byte(d);
    if (precision != 8 || (count != 1 && count != 3)) {
        fail(d, "The JPEG is neither grey nor colour with 8 bits");
    } else if (d->width == 0 || d->height == 0 || d->width > MAX_SIDE || d->height > MAX_SIDE ||
               d->width * d->height > MAX_PIXELS) {
        fail(d, "The image is empty or too large");
    }
    if (d->error != NULL) {
        return;
    }
    for (int i = 0; i < count; i++) {
        struct component *c = &d->components[i];
        c->id = next_byte(d);
        const int sampling = next_byte(d);
        c->h = sampling >> 4;
        c->v = sampling & 15;
        c->quant = next_byte(d) & 3;
        if (c->h < 1 || c->h > 4 || c->v < 1 || c->v > 4) {
            fail(d, "The JPEG has an impossible subsampling");
            return;
        }
        d->h_max = c->h > d->h_max ? c->h : d->h_max;
        d->v_max = c->v > d->v_max ? c->v : d->v_max;
    }
    d->count = count;
    for (int i = 0; i < count && d->error == NULL; i++) {
        allocate_component(d, &d->components[i]);
    }
}

static void decode_baseline(struct decoder *d, struct component *c, int16_t *block)
{
    c->predictor += next_signed(d, next_symbol(d, &d->dc[c->dc_table]) & 15);
    block[0] = (int16_t)c->predictor;
    for (int k = 1; k < 64 && d->error == NULL; k++) {
        const int symbol = next_symbol(d, &d->ac[c->ac_table]);
        const int run = symbol >> 4, size = symbol & 15;
        if (size == 0) {
            if (run < 15) {
                return;
            }
            k += 15;
            continue;
        }
        k += run;
        const int value = next_signed(d, size);
        if (k < 64) {
            block[zigzag[k]] = (int16_t)value;
        }
    }
}

/* First scan of a band: as baseline, but shifted, and with runs of empty blocks (T.81, G.1.2.2). */
static void decode_band(struct decoder *d, struct component *c, int16_t *block)
{
    if (d->end_of_band > 0) {
        d->end_of_band--;
        return;
    }
    for (int k = d->spectral_start; k <= d->spectral_end && d->error == NULL; k++) {
        const int symbol = next_symbol(d, &d->ac[c->ac_table]);
        const int run = symbol >> 4, size = symbol & 15;
        if (size == 0 && run < 15) {
            d->end_of_band = (1 << run) - 1 + next_bits(d, run);
            return;
        }
        k += run;
        const int value = next_signed(d, size);
        if (size != 0 && k < 64) {
            block[zigzag[k]] = (int16_t)(value * (1 << d->low));
        }
    }
}

/* One more bit of a coefficient that is already known. */
static void refine(struct decoder *d, int16_t *coefficient)
{
    const int bit = 1 << d->low;
    if (next_bit(d) && (*coefficient & bit) == 0) {
        *coefficient = (int16_t)(*coefficient + (*coefficient > 0 ? bit : -bit));
    }
}

/* Later scan of a band: known coefficients get a bit each, new ones appear between them (T.81, G.1.2.3). */
static void refine_band(struct decoder *d, struct component *c, int16_t *block)
{
    int k = d->spectral_start;
    while (d->end_of_band == 0 && k <= d->spectral_end && d->error == NULL) {
        const int symbol = next_symbol(d, &d->ac[c->ac_table]);
        int run = symbol >> 4;
        int value = 0;
        if ((symbol & 15) != 0) {
            value = next_bit(d) ? 1 << d->low : -(1 << d->low);
        } else if (run < 15) {
            d->end_of_band = (1 << run) + next_bits(d, run);
            break;
        }
        for (; k <= d->spectral_end; k++) {
            int16_t *coefficient = &block[zigzag[k]];
            if (*coefficient != 0) {
                refine(d, coefficient);
            } else if (run-- == 0) {
                *coefficient = (int16_t)value;
                k++;
                break;
            }
        }
    }
    if (d->end_of_band > 0) {
        for (; k <= d->spectral_end; k++) {
            if (block[zigzag[k]] != 0) {
                refine(d, &block[zigzag[k]]);
            }
        }
        d->end_of_band--;
    }
}

static void decode_block(struct decoder *d, struct component *c, int16_t *block)
{
    if (!d->progressive) {
        decode_baseline(d, c, block);
    } else if (d->spectral_start > 0) {
        (d->high == 0 ? decode_band : refine_band)(d, c, block);
    } else if (d->high == 0) {
        c->predictor += next_signed(d, next_symbol(d, &d->dc[c->dc_table]) & 15);
        block[0] = (int16_t)(c->predictor * (1 << d->low));
    } else if (next_bit(d)) {
        block[0] = (int16_t)(block[0] | 1 << d->low);
    }
}

static int16_t *block_at(const struct component *c, int column, int row)
{
    return c->blocks + ((size_t)row * (size_t)c->stride + (size_t)column) * 64;
}

/* One unit: a block of a single component, or all blocks of an interleaved unit. */
static void decode_unit(struct decoder *d, int index)
{
    if (d->scan_count == 1) {
        struct component *c = d->scan[0];
        decode_block(d, c, block_at(c, index % c->blocks_wide, index / c->blocks_wide));
        return;
    }
    const int units_wide = divide_up(d->width, 8 * d->h_max);
    const int column = index % units_wide, row = index / units_wide;
    for (int i = 0; i < d->scan_count; i++) {
        struct component *c = d->scan[i];
        for (int y = 0; y < c->v; y++) {
            for (int x = 0; x < c->h; x++) {
                decode_block(d, c, block_at(c, column * c->h + x, row * c->v + y));
            }
        }
    }
}

static void restart(struct decoder *d)
{
    d->bit_count = 0;
    d->end_of_band = 0;
    for (int i = 0; i < d->count; i++) {
        d->components[i].predictor = 0;
    }
    if (d->at + 1 < d->end && d->at[0] == 0xff && d->at[1] >= 0xd0 && d->at[1] <= 0xd7) {
        d->at += 2;
    }
}

static int scan_tables_present(const struct decoder *d)
{
    for (int i = 0; i < d->scan_count; i++) {
        const struct component *c = d->scan[i];
        const int needs_dc = d->spectral_start == 0 && d->high == 0;
        const int needs_ac = d->spectral_end > 0;
        if ((needs_dc && !d->dc[c->dc_table].present) || (needs_ac && !d->ac[c->ac_table].present)) {
            return 0;
        }
    }
    return 1;
}

static void read_scan_header(struct decoder *d)
{
    d->scan_count = next_byte(d);
    if (d->scan_count < 1 || d->scan_count > d->count) {
        fail(d, "The JPEG has a scan of no known components");
        return;
    }
    for (int i = 0; i < d->scan_count; i++) {
        const int id = next_byte(d), tables = next_byte(d);
        d->scan[i] = NULL;
        for (int j = 0; j < d->count; j++) {
            if (d->components[j].id == id) {
                d->scan[i] = &d->components[j];
                d->scan[i]->dc_table = tables >> 4 & 3;
                d->scan[i]->ac_table = tables & 3;
            }
        }
        if (d->scan[i] == NULL) {
            fail(d, "The JPEG has a scan of no known components");
            return;
        }
    }
    d->spectral_start = next_byte(d);
    d->spectral_end = next_byte(d);
    const int shifts = next_byte(d);
    d->high = shifts >> 4;
    d->low = shifts & 15;
    if (!d->progressive) {
        d->spectral_start = d->high = d->low = 0;
        d->spectral_end = 63;
    }
    const int mixed = d->spectral_start == 0 && d->spectral_end != 0 && d->progressive;
    const int interleaved_band = d->spectral_start > 0 && d->scan_count != 1;
    if (d->spectral_end > 63 || d->spectral_start > d->spectral_end || d->low > 13 || mixed ||
        interleaved_band) {
        fail(d, "The JPEG has an impossible scan");
    } else if (!scan_tables_present(d)) {
        fail(d, "The JPEG uses a Huffman table that it does not define");
    }
}

static void read_scan(struct decoder *d)
{
    read_scan_header(d);
    if (d->error != NULL) {
        return;
    }
    const struct component *only = d->scan[0];
    const int units = d->scan_count == 1
                          ? only->blocks_wide * only->blocks_high
                          : divide_up(d->width, 8 * d->h_max) * divide_up(d->height, 8 * d->v_max);
    restart(d);
    for (int i = 0; i < units && d->error == NULL; i++) {
        if (d->restart_interval != 0 && i != 0 && i % d->restart_interval == 0) {
            restart(d);
        }
        decode_unit(d, i);
    }
    d->bit_count = 0;
}

/* Skips to the next marker and returns it; 0xd9 (end of image) where there is none. */
static int next_marker(struct decoder *d)
{
    while (d->at + 1 < d->end) {
        if (d->at[0] == 0xff && d->at[1] != 0 && d->at[1] != 0xff) {
            d->at += 2;
            return d->at[-1];
        }
        d->at++;
    }
    return 0xd9;
}

static void read_segment(struct decoder *d, int marker)
{
    const int length = next_word(d);
    if (length < 2 || d->end - d->at < length - 2) {
        fail(d, "The JPEG ends early");
        return;
    }
    const uint8_t *segment_end = d->at + length - 2;
    if (marker == 0xdb) {
        read_quant(d, segment_end);
    } else if (marker == 0xc4) {
        read_huffman(d, segment_end);
    } else if (marker == 0xdd) {
        d->restart_interval = next_word(d);
    } else if (marker == 0xee && length >= 14 && memcmp(d->at, "Adobe", 5) == 0) {
        d->adobe_transform = d->at[11];
    } else if (marker >= 0xc0 && marker <= 0xc2) {
        d->progressive = marker == 0xc2;
        read_frame(d);
    } else if (marker == 0xda) {
        if (d->count == 0) {
            fail(d, "The JPEG has a scan before its frame");
        } else {
            read_scan(d);
        }
        return;
    } else if (marker > 0xc2 && marker <= 0xcf) {
        fail(d, "The JPEG is of a kind that this program does not read (lossless or arithmetic)");
    }
    d->at = segment_end;
}

static uint8_t clamp(float value)
{
    return value <= 0 ? 0 : value >= 255 ? 255 : (uint8_t)(value + 0.5f);
}

static void inverse_dct(const int16_t *block, const uint16_t *quant, uint8_t *out, int stride)
{
    float rows[8][8];
    for (int v = 0; v < 8; v++) {
        for (int x = 0; x < 8; x++) {
            float sum = 0;
            for (int u = 0; u < 8; u++) {
                sum += (float)(block[v * 8 + u] * quant[v * 8 + u]) * dct_basis[u][x];
            }
            rows[v][x] = sum;
        }
    }
    for (int y = 0; y < 8; y++) {
        for (int x = 0; x < 8; x++) {
            float sum = 128;
            for (int v = 0; v < 8; v++) {
                sum += rows[v][x] * dct_basis[v][y];
            }
            out[y * stride + x] = clamp(sum);
        }
    }
}

static void render_plane(struct decoder *d, struct component *c)
{
    const int stride = c->stride * 8;
    for (int row = 0; row < c->rows; row++) {
        for (int column = 0; column < c->stride; column++) {
            inverse_dct(block_at(c, column, row), d->quant[c->quant],
                        c->plane + row * 8 * stride + column * 8, stride);
        }
    }
}

static uint8_t sample(const struct decoder *d, const struct component *c, int x, int y)
{
    return c->plane[(y * c->v / d->v_max) * c->stride * 8 + x * c->h / d->h_max];
}

static void colour(const struct decoder *d, int x, int y, uint8_t *pixel)
{
    const uint8_t first = sample(d, &d->components[0], x, y);
    if (d->count == 1) {
        memset(pixel, first, 3);
        return;
    }
    const uint8_t second = sample(d, &d->components[1], x, y), third = sample(d, &d->components[2], x, y);
    if (d->adobe_transform == 0) {
        pixel[0] = first;
        pixel[1] = second;
        pixel[2] = third;
        return;
    }
    const float luma = first, blue = second - 128.0f, red = third - 128.0f;
    pixel[0] = clamp(luma + 1.402f * red);
    pixel[1] = clamp(luma - 0.344136f * blue - 0.714136f * red);
    pixel[2] = clamp(luma + 1.772f * blue);
}

static void render(struct decoder *d, struct image *out)
{
    out->width = d->width;
    out->height = d->height;
    out->pixels = malloc((size_t)d->width * (size_t)d->height * 3);
    if (out->pixels == NULL) {
        fail(d, "The image does not fit into memory");
        return;
    }
    for (int i = 0; i < d->count; i++) {
        render_plane(d, &d->components[i]);
    }
    for (int y = 0; y < d->height; y++) {
        for (int x = 0; x < d->width; x++) {
            colour(d, x, y, out->pixels + (y * d->width + x) * 3);
        }
    }
}

static void read_all(struct decoder *d)
{
    if (next_word(d) != 0xffd8) {
        fail(d, "This is not a JPEG");
    }
    int marker = 0;
    while (d->error == NULL && (marker = next_marker(d)) != 0xd9) {
        if (marker != 0x01 && (marker < 0xd0 || marker > 0xd8)) {
            read_segment(d, marker);
        }
    }
    if (d->error == NULL && d->count == 0) {
        fail(d, "The JPEG has no image");
    }
}

const char *jpeg_decode(const uint8_t *data, size_t len, struct image *out)
{
    struct decoder *d = calloc(1, sizeof *d);
    if (d == NULL) {
        return "The image does not fit into memory";
    }
    d->at = data;
    d->end = data + len;
    d->adobe_transform = -1;
    dct_prepare();
    read_all(d);
    if (d->error == NULL) {
        render(d, out);
    }
    for (int i = 0; i < MAX_COMPONENTS; i++) {
        free(d->components[i].blocks);
        free(d->components[i].plane);
    }
    const char *error = d->error;
    free(d);
    return error;
}
