#include "prelude.h"

/* Says the result, the count, and each address as its length and its bytes. */
static void query(const char *name, int ipv6)
{
    struct string_slice *addresses;
    size_t count = 77;
    number(hostcall_dns_query_ip(&addresses, &count, name, strlen(name), ipv6));
    number((long long)count);
    for (size_t i = 0; i < count; i++) {
        number((long long)addresses[i].len);
        for (size_t k = 0; k < addresses[i].len; k++) {
            number((unsigned char)addresses[i].ptr[k]);
        }
        free((void *)addresses[i].ptr);
    }
    number(addresses == NULL);
    free(addresses);
}

void run(void)
{
    switch (begin()) {
    case '1':
        query("a.test", 1);
        break;
    case '2':
        query("b.test", 0);
        break;
    default:
        query("a.test", 0);
    }
    finish();
}
