#include "prelude.h"

static enum value_status set(request_t request, const char *name, const char *first, const char *second)
{
    struct string_slice values[] = {{first, strlen(first)}, {second, strlen(second)}};
    return hostcall_req_set_header(request, name, strlen(name), values, *second == 0 ? 1 : 2);
}

static void exchange(void)
{
    struct string_slice *slices;
    size_t count;
    request_t request = to_origin("POST");
    number(set(request, "x-test", "a", "b"));
    number(hostcall_req_set_body(request, "ping", 4));
    response_t response = hostcall_req_send(request);
    number(hostcall_resp_get_response_code(response));
    hostcall_resp_get_header(&slices, &count, response, "X-Reply", 7);
    list(slices, count);
    body_of(response);
    hostcall_resp_get_header(&slices, &count, response, "x-absent", 8);
    list(slices, count);
    hostcall_resp_get_headers(&slices, &count, response);
    list(slices, count);
}

void run(void)
{
    struct string_slice *slices;
    size_t count;
    request_t request;
    response_t response;
    switch (begin()) {
    case '1':
        number(hostcall_req_create("GET", 3, "nonsense", 8));
        number(hostcall_req_create("GE T", 4, "http://example.com/", 19));
        break;
    case '2':
        request = to_origin("GET");
        number(hostcall_req_send(request));
        number(hostcall_req_send(request));
        number(set(request, "x-a", "a", ""));
        number(hostcall_req_set_body(request, "ping", 4));
        break;
    case '3':
        number(set(REQUEST_INCOMING, "x-a", "a", ""));
        number(hostcall_req_set_body(REQUEST_INCOMING, "ping", 4));
        number(hostcall_req_send(REQUEST_INCOMING));
        break;
    case '4':
        request = to_origin("GET");
        number(set(request, "bad name", "a", ""));
        number(set(request, "x-bad", "a\nb", ""));
        number(set(request, "x-a", "a", ""));
        break;
    case '5':
        hostcall_resp_get_response_code(99);
        break;
    case '6':
        hostcall_resp_get_headers(&slices, &count, RESPONSE_OUTGOING);
        break;
    case '7':
        hostcall_resp_get_header(&slices, &count, 99, "x-a", 3);
        break;
    case '8':
        body_of(99);
        break;
    case '9':
        response = hostcall_req_send(to_origin("GET"));
        number(hostcall_resp_set_response_code(response, 404));
        number(hostcall_resp_set_header(response, "x-a", 3, NULL, 0));
        number(hostcall_resp_set_body(response, "ping", 4));
        break;
    default:
        exchange();
    }
    finish();
}
