#include "prelude.h"

static enum value_status set(response_t response, const char *name, const char *first, const char *second)
{
    struct string_slice values[] = {{first, strlen(first)}, {second, strlen(second)}};
    return hostcall_resp_set_header(response, name, strlen(name), values, *second == 0 ? 1 : 2);
}

void run(void)
{
    switch (begin()) {
    case '1':
        number(hostcall_resp_set_response_code(RESPONSE_OUTGOING, 0));
        number(hostcall_resp_set_response_code(RESPONSE_OUTGOING, 1000));
        number(set(RESPONSE_OUTGOING, "bad name", "a", ""));
        number(set(RESPONSE_OUTGOING, "x-bad", "a\nb", ""));
        break;
    case '2':
        return;
    case '3':
        number(hostcall_resp_set_response_code(99, 404));
        number(set(99, "x-a", "a", ""));
        number(hostcall_resp_set_body(99, "text", 4));
        break;
    case '4':
        number(set(RESPONSE_OUTGOING, "content-length", "2", ""));
        number(set(RESPONSE_OUTGOING, "transfer-encoding", "chunked", ""));
        number(set(RESPONSE_OUTGOING, "connection", "close", ""));
        break;
    case '5':
        number(set(RESPONSE_OUTGOING, "x-a", "1", "2"));
        number(set(RESPONSE_OUTGOING, "X-A", "3", ""));
        number(set(RESPONSE_OUTGOING, "x-gone", "1", ""));
        number(hostcall_resp_set_header(RESPONSE_OUTGOING, "x-gone", 6, NULL, 0));
        break;
    default:
        number(hostcall_resp_set_response_code(RESPONSE_OUTGOING, 418));
        number(set(RESPONSE_OUTGOING, "x-a", "1", "2"));
        number(hostcall_resp_set_body(RESPONSE_OUTGOING, "text", 4));
    }
    finish();
}
