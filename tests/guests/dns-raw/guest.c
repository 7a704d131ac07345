#include "prelude.h"

/* Says the result, the answer's length, transaction id, response code, and its last four bytes. */
static void query(const void *message, size_t message_len)
{
    uint8_t *answer;
    size_t len = 77;
    number(hostcall_dns_query_raw(&answer, &len, message, message_len));
    number((long long)len);
    if (answer == NULL) {
        return;
    }
    number(answer[0] << 8 | answer[1]);
    number(answer[3] & 15);
    for (size_t i = len - 4; i < len; i++) {
        number(answer[i]);
    }
    free(answer);
}

void run(void)
{
    static const char known[] = "\x12\x34\x01\0\0\1\0\0\0\0\0\0\1a\4test\0\0\1\0\1";
    static const char unknown[] = "\x12\x34\x01\0\0\1\0\0\0\0\0\0\1b\4test\0\0\1\0\1";
    switch (begin()) {
    case '1':
        query(unknown, sizeof unknown - 1);
        break;
    case '2':
        query(known, 3);
        break;
    default:
        query(known, sizeof known - 1);
    }
    finish();
}
