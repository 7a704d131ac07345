/* As programs were written then: K&R leftovers, pointers of the wrong signedness, own definitions of what libc has too. */
#include "http_hostcalls.h"
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static int twice();

char *strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    memcpy(copy, text, size);
    copy[0] = 'J';
    return copy;
}

int inet_pton(int family, const char *text, void *address)
{
    memset(address, family == AF_INET6 ? 6 : 4, 4);
    return (int) strlen(text);
}

__attribute__((visibility("default"))) void run(void)
{
    const struct string_slice *names;
    unsigned char *method;
    char *body, out[200];
    int count;
    size_t len;
    uint8_t address[4];
    time_t now = time(NULL);

    hostcall_init_mm(malloc, free);
    hostcall_req_get_headers(&names, &count, REQUEST_INCOMING);
    hostcall_req_get_method(&method, &len, REQUEST_INCOMING);
    hostcall_req_get_body(&body, &len, REQUEST_INCOMING);
    undeclared(3);
    snprintf(out, sizeof out, "%s %d %s %s %d %d %d %d %d", method, count, body, strdup("hello"), inet_pton(AF_INET, "1.2.3.4", address), address[0],
             twice(21), ns_t_aaaa, gmtime(&now)->tm_year > 100 && htons(1) == 256);
    hostcall_resp_set_body(RESPONSE_OUTGOING, out, strlen(out));
    printf("no line end, ");
    printf("and no flush");
}

static int twice(number) int number;
{
    return 2 * number;
}

int undeclared(int number)
{
    return number;
}
