/* What all C guests share: they say words, each followed by a space, and the words become the response's
 * body. The second byte of the path chooses what a guest does. */
#include "http_hostcalls.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char said[65536];
static size_t said_len;

static inline void text(const void *ptr, size_t len)
{
    memcpy(said + said_len, ptr, len);
    said_len += len;
    said[said_len++] = ' ';
}

static inline void number(long long value)
{
    char digits[24];
    text(digits, (size_t)snprintf(digits, sizeof digits, "%lld", value));
}

/* Bytes from the host: says "null" for a null pointer. */
static inline void value(void *ptr, size_t len)
{
    if (ptr == NULL) {
        text("null", 4);
    } else {
        text(ptr, len);
    }
    free(ptr);
}

/* A list from the host: elements joined by '|'. */
static inline void list(struct string_slice *slices, size_t count)
{
    if (slices == NULL) {
        text("null", 4);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        text(slices[i].ptr, slices[i].len);
        said[said_len - 1] = i + 1 == count ? ' ' : '|';
        free((void *)slices[i].ptr);
    }
    free(slices);
}

static inline char begin(void)
{
    char *path;
    size_t len;
    hostcall_init_mm(malloc, free);
    hostcall_req_get_path(&path, &len, REQUEST_INCOMING);
    return len > 1 ? path[1] : '/';
}

static inline void finish(void)
{
    hostcall_resp_set_body(RESPONSE_OUTGOING, said, said_len);
}

/* A new request to the URL in the incoming request's header x-url. */
static inline request_t to_origin(const char *method)
{
    struct string_slice *url;
    size_t count;
    hostcall_req_get_header(&url, &count, REQUEST_INCOMING, "x-url", 5);
    return hostcall_req_create(method, strlen(method), url[0].ptr, url[0].len);
}

/* The same, with a path behind the URL. */
static inline pending_request_t send_to(const char *path)
{
    struct string_slice *url;
    size_t count;
    char whole[256];
    hostcall_req_get_header(&url, &count, REQUEST_INCOMING, "x-url", 5);
    int len = snprintf(whole, sizeof whole, "%.*s%s", (int)url[0].len, url[0].ptr, path);
    return hostcall_req_send_async(hostcall_req_create("GET", 3, whole, (size_t)len));
}

static inline void body_of(response_t response)
{
    uint8_t *body;
    size_t len;
    hostcall_resp_get_body(&body, &len, response);
    value(body, len);
}
