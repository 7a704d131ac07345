/* What the macros of <arpa/nameser.h> call; libc for WASI has the header and not the functions. Weak: a
 * program's own win. */
#include <arpa/nameser.h>

__attribute__((weak)) unsigned ns_get16(const unsigned char *from)
{
    return (unsigned)from[0] << 8 | from[1];
}

__attribute__((weak)) unsigned long ns_get32(const unsigned char *from)
{
    return (unsigned long)ns_get16(from) << 16 | ns_get16(from + 2);
}

__attribute__((weak)) void ns_put16(unsigned value, unsigned char *to)
{
    to[0] = (unsigned char)(value >> 8);
    to[1] = (unsigned char)value;
}

__attribute__((weak)) void ns_put32(unsigned long value, unsigned char *to)
{
    ns_put16((unsigned)(value >> 16), to);
    ns_put16((unsigned)value, to + 2);
}
