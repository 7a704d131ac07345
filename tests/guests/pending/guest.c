#include "prelude.h"

/* Waits for the first of two requests, lets the origin answer the other, and waits for that too. */
static void pick(void)
{
    pending_request_t both[] = {send_to("/held"), send_to("/fast")};
    pending_request_t finished;
    response_t response = hostcall_pending_req_select(both, 2, &finished);
    number(finished == both[1]);
    body_of(response);
    number(hostcall_pending_req_wait(finished));
    hostcall_pending_req_wait(send_to("/release"));
    body_of(hostcall_pending_req_wait(both[0]));
}

static void stale(void)
{
    pending_request_t pending = send_to("/fast");
    pending_request_t finished = 77;
    number(hostcall_pending_req_wait(pending) > 0);
    number(hostcall_pending_req_wait(pending));
    number(hostcall_pending_req_poll(pending));
    number(hostcall_pending_req_select(&pending, 1, &finished));
    number(hostcall_pending_req_wait(99));
    number(hostcall_pending_req_poll(99));
}

static void failing(void)
{
    pending_request_t pending = send_to("/");
    pending_request_t finished = 77;
    number(hostcall_pending_req_select(&pending, 1, &finished));
    number(finished == pending);
    number(hostcall_pending_req_wait(pending));
    number(hostcall_pending_req_wait(send_to("/")));
}

void run(void)
{
    pending_request_t pending, finished, first, second;
    response_t response;
    switch (begin()) {
    case '1':
        pending = send_to("/held");
        number(hostcall_pending_req_poll(pending));
        hostcall_pending_req_wait(send_to("/release"));
        while ((response = hostcall_pending_req_poll(pending)) == RESPONSE_NOT_READY) {
        }
        body_of(response);
        number(hostcall_pending_req_poll(pending));
        break;
    case '2':
        pick();
        break;
    case '3':
        stale();
        break;
    case '4':
        failing();
        break;
    case '5':
        number(hostcall_pending_req_select(NULL, 0, &finished));
        number(hostcall_req_send_async(REQUEST_INCOMING));
        number(hostcall_req_send_async(99));
        break;
    default:
        first = send_to("/one");
        second = send_to("/two");
        body_of(hostcall_pending_req_wait(second));
        body_of(hostcall_pending_req_wait(first));
    }
    finish();
}
