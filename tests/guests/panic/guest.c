#include "prelude.h"

void run(void)
{
    hostcall_resp_set_body(RESPONSE_OUTGOING, "never sent", 10);
    hostcall_panic_hook("out of cheese", 13);
    hostcall_debug("never reached", 13);
}
