#include "prelude.h"

void run(void)
{
    struct string_slice *slices;
    size_t count;
    switch (begin()) {
    case '1':
        hostcall_req_get_headers(&slices, &count, 99);
        break;
    case '2':
        hostcall_req_get_header(&slices, &count, hostcall_req_create("GET", 3, "http://example.com/", 19),
                                "host", 4);
        break;
    default:
        hostcall_req_get_headers(&slices, &count, REQUEST_INCOMING);
        list(slices, count);
        hostcall_req_get_header(&slices, &count, REQUEST_INCOMING, "X-maNY", 6);
        list(slices, count);
        hostcall_req_get_header(&slices, &count, REQUEST_INCOMING, "x-empty", 7);
        number((long long)count);
        number(slices[0].ptr != NULL);
        number((long long)slices[0].len);
        count = 77;
        hostcall_req_get_header(&slices, &count, REQUEST_INCOMING, "x-absent", 8);
        list(slices, count);
        number((long long)count);
    }
    finish();
}
