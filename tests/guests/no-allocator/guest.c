#include "http_hostcalls.h"

void run(void)
{
    uint8_t *body;
    size_t len;
    hostcall_req_get_body(&body, &len, REQUEST_INCOMING);
    hostcall_resp_set_body(RESPONSE_OUTGOING, body == NULL && len == 0 ? "nothing" : "something",
                           body == NULL ? 7 : 9);
}
