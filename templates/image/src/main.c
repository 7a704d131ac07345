/*
 * An image proxy: GET /?width=&height=&sharpening= fetches a JPEG asset from this very deployment, resizes
 * and sharpens it, and keeps the result in the store for the next request. An empty number (width=) counts as
 * not given.
 */
#include "http_hostcalls.h"
#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUALITY 85
#define MAX_SHARPENING 10.0
#define MAX_WANTED 512
/*
 * Results are kept in so many places, picked by a hash of what was asked for, and a newer one replaces what
 * lay there: together they stay below the 50 MiB of a deployment's store, whatever is asked. A larger result
 * is sent all the same, just not kept.
 */
#define SLOTS 96
#define MAX_STORED (512 * 1024)

struct query {
    int width;
    int height;
    double sharpening;
};

static void set_header(const char *name, const char *value)
{
    const struct string_slice slice = {value, strlen(value)};
    hostcall_resp_set_header(RESPONSE_OUTGOING, name, strlen(name), &slice, 1);
}

static void answer(int status, const char *message)
{
    hostcall_resp_set_response_code(RESPONSE_OUTGOING, status);
    set_header("content-type", "text/plain; charset=utf-8");
    hostcall_resp_set_body(RESPONSE_OUTGOING, message, strlen(message));
}

static void answer_image(const uint8_t *data, size_t len, const char *from)
{
    set_header("content-type", "image/jpeg");
    set_header("cache-control", "public, max-age=300");
    set_header("x-cache", from);
    hostcall_resp_set_body(RESPONSE_OUTGOING, data, len);
}

/* Reads one number of the query; false if it is there but no number within the limits. */
static int read_number(const char *query, const char *name, double min, double max, double *value)
{
    const size_t len = strlen(name);
    for (const char *at = query; at != NULL; at = strchr(at, '&')) {
        at += *at == '&' || *at == '?';
        if (strncmp(at, name, len) == 0 && at[len] == '=') {
            if (at[len + 1] == '&' || at[len + 1] == 0) {
                return 1;
            }
            char *end;
            *value = strtod(at + len + 1, &end);
            return end != at + len + 1 && (*end == '&' || *end == 0) && *value >= min && *value <= max;
        }
    }
    return 1;
}

static int read_query(const char *query, struct query *out)
{
    double width = 0, height = 0;
    out->sharpening = 0;
    if (!read_number(query, "width", 1, MAX_SIDE, &width) ||
        !read_number(query, "height", 1, MAX_SIDE, &height) ||
        !read_number(query, "sharpening", 0, MAX_SHARPENING, &out->sharpening)) {
        return 0;
    }
    out->width = (int)width;
    out->height = (int)height;
    return out->width * (long long)out->height <= MAX_PIXELS;
}

/* Fills in the side that was not asked for, so that the proportions stay. */
static void complete_size(struct query *query, const struct image *image)
{
    if (query->width == 0 && query->height == 0) {
        query->width = image->width;
        query->height = image->height;
    } else if (query->width == 0) {
        query->width = (int)((double)query->height * image->width / image->height + 0.5);
    } else if (query->height == 0) {
        query->height = (int)((double)query->width * image->height / image->width + 0.5);
    }
    query->width = query->width < 1 ? 1 : query->width;
    query->height = query->height < 1 ? 1 : query->height;
}

/* Name of this deployment as the client wrote it, without the port: https works from inside whatever port
 * clients use. */
static int own_host(char *out, size_t room)
{
    struct string_slice *values;
    size_t count;
    hostcall_req_get_header(&values, &count, REQUEST_INCOMING, "host", 4);
    if (count != 1 || values[0].len >= room) {
        return 0;
    }
    memcpy(out, values[0].ptr, values[0].len);
    out[values[0].len] = 0;
    out[strcspn(out, ":")] = 0;
    return 1;
}

/* Fetches an asset of this deployment; -1 if that failed. */
static response_t fetch_asset(const char *path, size_t path_len)
{
    char host[256], url[MAX_WANTED + 256];
    if (!own_host(host, sizeof host)) {
        return -1;
    }
    const int len = snprintf(url, sizeof url, "https://%s%.*s", host, (int)path_len, path);
    const request_t request = hostcall_req_create("GET", 3, url, (size_t)len);
    return request < 0 ? -1 : hostcall_req_send(request);
}

/* Decodes, resizes, sharpens, encodes. Null, or what went wrong. */
static const char *transform(const uint8_t *data, size_t len, struct query query, struct bytes *out)
{
    struct image image, resized;
    const char *error = jpeg_decode(data, len, &image);
    if (error != NULL) {
        return error;
    }
    complete_size(&query, &image);
    if (query.width > MAX_SIDE || query.height > MAX_SIDE ||
        query.width * (long long)query.height > MAX_PIXELS) {
        free(image.pixels);
        return "The result would be too large";
    }
    error = image_resize(&image, query.width, query.height, &resized);
    free(image.pixels);
    if (error == NULL && query.sharpening > 0) {
        error = image_sharpen(&resized, query.sharpening);
    }
    if (error == NULL) {
        error = jpeg_encode(&resized, QUALITY, out);
    }
    return error;
}

/* Key of the slot where the result of this request lies, if it is kept (FNV-1a). */
static size_t slot_of(const char *wanted, char *key, size_t room)
{
    uint32_t hash = 2166136261u;
    for (const char *at = wanted; *at != 0; at++) {
        hash = (hash ^ (uint8_t)*at) * 16777619u;
    }
    return (size_t)snprintf(key, room, "slot %u", (unsigned)(hash % SLOTS));
}

/* A slot holds what was asked for, a NUL and the image. */
static int answer_from_store(const char *wanted)
{
    char key[32];
    uint8_t *data;
    size_t len;
    const size_t prefix = strlen(wanted) + 1;
    if (!hostcall_kvstore_get(&data, &len, key, slot_of(wanted, key, sizeof key)) || len < prefix ||
        memcmp(data, wanted, prefix) != 0) {
        return 0;
    }
    answer_image(data + prefix, len - prefix, "hit");
    return 1;
}

static void keep(const char *wanted, const struct bytes *result)
{
    char key[32];
    const size_t prefix = strlen(wanted) + 1;
    uint8_t *value = result->len + prefix <= MAX_STORED ? malloc(prefix + result->len) : NULL;
    if (value != NULL) {
        memcpy(value, wanted, prefix);
        memcpy(value + prefix, result->data, result->len);
        hostcall_kvstore_insert(key, slot_of(wanted, key, sizeof key), value, prefix + result->len);
    }
}

static void serve(const char *path, size_t path_len, const struct query *query)
{
    char wanted[MAX_WANTED];
    snprintf(wanted, sizeof wanted, "%.*s %dx%d %g", (int)path_len, path, query->width, query->height,
             query->sharpening);
    if (answer_from_store(wanted)) {
        return;
    }
    const response_t response = fetch_asset(path, path_len);
    if (response < 0) {
        answer(502, "The image cannot be fetched\n");
        return;
    }
    uint8_t *data;
    size_t len;
    hostcall_resp_get_body(&data, &len, response);
    if (hostcall_resp_get_response_code(response) != 200) {
        answer(404, "There is no such image\n");
        return;
    }
    struct bytes result;
    const char *error = transform(data, len, *query, &result);
    if (error != NULL) {
        answer(422, error);
        return;
    }
    keep(wanted, &result);
    answer_image(result.data, result.len, "miss");
}

/* "/" is the photo that comes with the project, "/resize/NAME.jpg" any other asset: "/NAME.jpg" itself never
 * gets here. */
static const char *asset_of(const char *path, size_t *len)
{
    static const char photo[] = "/photo.jpg", prefix[] = "/resize/";
    if (*len == 1) {
        *len = sizeof photo - 1;
        return photo;
    }
    if (*len > MAX_WANTED / 2 || strncmp(path, prefix, sizeof prefix - 1) != 0) {
        return NULL;
    }
    *len -= sizeof prefix - 2;
    return path + sizeof prefix - 2;
}

void run(void)
{
    hostcall_init_mm(malloc, free);
    char *path;
    size_t len;
    hostcall_req_get_path(&path, &len, REQUEST_INCOMING);
    struct query query;
    size_t asset_len = strcspn(path, "?");
    const char *asset = asset_of(path, &asset_len);
    if (asset == NULL) {
        answer(404, "Ask for /?width=320&height=&sharpening=1, or /resize/NAME.jpg for another asset\n");
    } else if (!read_query(path + strcspn(path, "?"), &query)) {
        answer(400, "width and height are 1 to 4096, at most 4 megapixels together; sharpening is 0 to 10\n");
    } else {
        serve(asset, asset_len, &query);
    }
}
