#include "http_hostcalls.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void answer(int status, const char *type, const char *body)
{
    struct string_slice value = {type, strlen(type)};
    hostcall_resp_set_response_code(RESPONSE_OUTGOING, status);
    hostcall_resp_set_header(RESPONSE_OUTGOING, "content-type", strlen("content-type"), &value, 1);
    hostcall_resp_set_body(RESPONSE_OUTGOING, body, strlen(body));
}

/* Runs once per request. */
void run(void)
{
    char *method, *path, *text;
    size_t method_len, path_len;

    hostcall_init_mm(malloc, free);
    hostcall_req_get_method(&method, &method_len, REQUEST_INCOMING);
    hostcall_req_get_path(&path, &path_len, REQUEST_INCOMING);

    if (asprintf(&text, "Hello from %s\n", path) < 0) {
        hostcall_panic_hook("out of memory", strlen("out of memory"));
        return;
    }
    answer(200, "text/plain", text);
    printf("answered %s %s\n", method, path);
}
