/* A proxy that lets everybody ask a little, and those who ask more pay with work. */
#include "config.h"
#include "http_hostcalls.h"
#include "puzzle.h"
#include "sketch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CLIENT 64
#define MAX_URL 8192

static void set_header(const char *name, const char *value)
{
    const struct string_slice slice = {value, strlen(value)};
    hostcall_resp_set_header(RESPONSE_OUTGOING, name, strlen(name), &slice, 1);
}

static void answer(int status, const char *type, const char *body)
{
    hostcall_resp_set_response_code(RESPONSE_OUTGOING, status);
    set_header("content-type", type);
    set_header("cache-control", "no-store");
    hostcall_resp_set_body(RESPONSE_OUTGOING, body, strlen(body));
}

/* Copies the first value of a header of the incoming request; an absent or too long one is an empty text. */
static void incoming_header(const char *name, char *out, size_t room)
{
    struct string_slice *values;
    size_t count;
    out[0] = 0;
    hostcall_req_get_header(&values, &count, REQUEST_INCOMING, name, strlen(name));
    if (count > 0 && values[0].len < room) {
        memcpy(out, values[0].ptr, values[0].len);
        out[values[0].len] = 0;
    }
}

/* A program sends its solution as a header, a browser as a cookie. */
static void incoming_solution(char *out, size_t room)
{
    char cookies[2048];
    incoming_header("x-puzzle", out, room);
    incoming_header("cookie", cookies, sizeof cookies);
    const char *at = strstr(cookies, "puzzle=");
    if (out[0] == 0 && at != NULL) {
        at += strlen("puzzle=");
        const size_t len = strcspn(at, ";");
        snprintf(out, room, "%.*s", (int)len, at);
    }
}

static void ask_to_solve(const char *challenge, int bits)
{
    static const char page[] =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>One moment</title>"
        "<style>body{font:18px "
        "system-ui;display:grid;place-content:center;min-height:90vh;color-scheme:light dark}</style>"
        "<p role=\"status\">Many requests came from here. Your browser is solving a small puzzle&hellip;</p>"
        "<script>"
        "const challenge='%s',bits=%d;"
        "const zeros=d=>{let n=0;for(const b of d){if(b===0){n+=8;continue}return n+Math.clz32(b)-24}return "
        "n};"
        "(async()=>{for(let i=0;;i++){"
        "const solution=challenge+':'+i.toString(36);"
        "const digest=await crypto.subtle.digest('SHA-256',new TextEncoder().encode(solution));"
        "if(zeros(new "
        "Uint8Array(digest))>=bits){document.cookie='puzzle='+solution+';path=/"
        ";max-age=%d;samesite=strict';location.reload();return}"
        "}})();"
        "</script></html>";
    char body[sizeof page + CHALLENGE_CHARS + 32], puzzle[CHALLENGE_CHARS + 32], seconds[16];
    snprintf(body, sizeof body, page, challenge, bits, WINDOW_SECONDS);
    snprintf(puzzle, sizeof puzzle, "sha256 %s %d", challenge, bits);
    snprintf(seconds, sizeof seconds, "%d", WINDOW_SECONDS);
    answer(429, "text/html; charset=utf-8", body);
    set_header("retry-after", seconds);
    set_header("x-puzzle", puzzle);
}

/* Gives the outgoing request the incoming one's headers, but for those that belong to this hop. */
static void copy_request_headers(request_t request)
{
    static const char *const own[] = {"host", "accept-encoding", "x-puzzle", "fastly-client-ip",
                                      "x-fastly-client-ip"};
    struct string_slice *names, *values;
    size_t count, value_count;
    hostcall_req_get_headers(&names, &count, REQUEST_INCOMING);
    for (size_t i = 0; i < count; i++) {
        int skip = 0;
        for (size_t j = 0; j < sizeof own / sizeof *own; j++) {
            skip |= names[i].len == strlen(own[j]) && memcmp(names[i].ptr, own[j], names[i].len) == 0;
        }
        if (!skip) {
            hostcall_req_get_header(&values, &value_count, REQUEST_INCOMING, names[i].ptr, names[i].len);
            hostcall_req_set_header(request, names[i].ptr, names[i].len, values, value_count);
        }
    }
}

static void copy_response(response_t response)
{
    struct string_slice *names, *values;
    size_t count, value_count, len;
    uint8_t *body;
    hostcall_resp_set_response_code(RESPONSE_OUTGOING, hostcall_resp_get_response_code(response));
    hostcall_resp_get_headers(&names, &count, response);
    for (size_t i = 0; i < count; i++) {
        hostcall_resp_get_header(&values, &value_count, response, names[i].ptr, names[i].len);
        hostcall_resp_set_header(RESPONSE_OUTGOING, names[i].ptr, names[i].len, values, value_count);
    }
    hostcall_resp_get_body(&body, &len, response);
    hostcall_resp_set_body(RESPONSE_OUTGOING, body, len);
}

static void forward(const char *client)
{
    char *method, *path, url[MAX_URL];
    uint8_t *body;
    size_t method_len, path_len, body_len;
    hostcall_req_get_method(&method, &method_len, REQUEST_INCOMING);
    hostcall_req_get_path(&path, &path_len, REQUEST_INCOMING);
    hostcall_req_get_body(&body, &body_len, REQUEST_INCOMING);
    const int len = snprintf(url, sizeof url, "%s%.*s", UPSTREAM, (int)path_len, path);
    if (len < 0 || (size_t)len >= sizeof url) {
        answer(414, "text/plain; charset=utf-8", "The path is too long\n");
        return;
    }
    const request_t request = hostcall_req_create(method, method_len, url, (size_t)len);
    if (request < 0) {
        answer(400, "text/plain; charset=utf-8", "This request cannot be forwarded\n");
        return;
    }
    const struct string_slice forwarded = {client, strlen(client)};
    copy_request_headers(request);
    hostcall_req_set_header(request, "x-forwarded-for", strlen("x-forwarded-for"), &forwarded, 1);
    hostcall_req_set_body(request, body, body_len);
    const response_t response = hostcall_req_send(request);
    if (response < 0) {
        answer(502, "text/plain; charset=utf-8", "The upstream does not answer\n");
        return;
    }
    copy_response(response);
}

void run(void)
{
    char client[MAX_CLIENT], solution[160], challenge[CHALLENGE_CHARS + 1];
    hostcall_init_mm(malloc, free);
    incoming_header("fastly-client-ip", client, sizeof client);
    incoming_solution(solution, sizeof solution);
    const int64_t window = hostcall_time_now(NULL) / WINDOW_SECONDS;
    const int requests = sketch_count("client", client, window);
    const int bits = puzzle_bits(requests);
    if (requests > FREE_REQUESTS) {
        puzzle_challenge(client, window, challenge);
        if (!puzzle_accepts(challenge, bits, solution, window)) {
            ask_to_solve(challenge, bits);
            return;
        }
    }
    forward(client);
}
