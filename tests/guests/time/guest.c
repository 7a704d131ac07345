#include "prelude.h"

void run(void)
{
    uint32_t subsec_nanos;
    begin();
    number((long long)hostcall_time_now(&subsec_nanos));
    number(subsec_nanos);
    number((long long)hostcall_time_now(NULL));
    finish();
}
