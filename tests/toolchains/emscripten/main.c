#include <stdint.h>
#include <stdio.h>

#define HOSTCALL(name) __attribute__((import_module("env"), import_name(#name))) extern

HOSTCALL(hostcall_req_get_method) void hostcall_req_get_method(char **text, size_t *len, int32_t request);
HOSTCALL(hostcall_req_get_path) void hostcall_req_get_path(char **text, size_t *len, int32_t request);
HOSTCALL(hostcall_req_get_body) void hostcall_req_get_body(char **text, size_t *len, int32_t request);
HOSTCALL(hostcall_resp_set_body)
int32_t hostcall_resp_set_body(int32_t response, const void *text, size_t len);

void run(void)
{
    char *method, *path, *body, answer[1024];
    size_t len;
    hostcall_req_get_method(&method, &len, 0);
    hostcall_req_get_path(&path, &len, 0);
    hostcall_req_get_body(&body, &len, 0);
    len = snprintf(answer, sizeof answer, "Emscripten: %s %s %s\n", method, path, len > 0 ? body : "");
    puts("to the log");
    hostcall_resp_set_body(0, answer, len < sizeof answer ? len : sizeof answer - 1);
}
