#include "prelude.h"

void run(void)
{
    hostcall_debug("by length, no more", 9);
    hostcall_debug("to its NUL", -1);
    hostcall_debug("", 0);
}
