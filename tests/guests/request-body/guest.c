#include "prelude.h"

void run(void)
{
    uint8_t *body;
    size_t len = 77;
    hostcall_req_get_body(&body, &len, begin() == '1' ? 99 : REQUEST_INCOMING);
    number((long long)len);
    value(body, len);
    finish();
}
