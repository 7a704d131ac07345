#include "prelude.h"

void run(void)
{
    begin();
    number((long long)hostcall_rng_next_u64());
    number((long long)hostcall_rng_next_u64());
    finish();
}
