#include "prelude.h"

static size_t smallest = 99;

static void *watching_malloc(size_t size)
{
    smallest = size < smallest ? size : smallest;
    return malloc(size);
}

void run(void)
{
    char *method;
    size_t len;
    int zeros = 0;
    struct string_slice *values;
    switch (begin()) {
    case '1':
        hostcall_init_mm((void *(*)(size_t))9999, free);
        hostcall_req_get_method(&method, &len, REQUEST_INCOMING);
        break;
    case '2':
        hostcall_init_mm(watching_malloc, free);
        hostcall_req_get_header(&values, &len, REQUEST_INCOMING, "x-empty", 7);
        number(smallest > 0);
        break;
    default:
        hostcall_req_get_method(&method, &len, REQUEST_INCOMING);
        for (size_t i = len; i < len + 16; i++) {
            zeros += method[i] == 0;
        }
        number(zeros);
    }
    finish();
}
