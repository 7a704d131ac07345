#include "prelude.h"

void run(void)
{
    char *ptr;
    size_t len;
    switch (begin()) {
    case '1':
        hostcall_req_get_method(&ptr, &len, 99);
        break;
    case '2':
        hostcall_req_get_path(&ptr, &len, hostcall_req_create("GET", 3, "http://example.com/", 19));
        break;
    default:
        hostcall_req_get_method(&ptr, &len, REQUEST_INCOMING);
        value(ptr, len);
        hostcall_req_get_path(&ptr, &len, REQUEST_INCOMING);
        value(ptr, len);
    }
    finish();
}
