#include "prelude.h"

static void get(const char *key)
{
    uint8_t *bytes;
    size_t len = 77;
    number(hostcall_kvstore_get(&bytes, &len, key, strlen(key)));
    number((long long)len);
    value(bytes, len);
}

static void increment(const char *key, int64_t delta)
{
    int64_t sum = 77;
    number(hostcall_kvstore_increment(&sum, key, strlen(key), delta));
    number(sum);
}

void run(void)
{
    switch (begin()) {
    case '1':
        number(hostcall_kvstore_insert("kept", 4, "from before", 11));
        break;
    case '2':
        get("kept");
        break;
    case '3':
        number(hostcall_kvstore_insert("cas", 3, "a", 1));
        number(hostcall_kvstore_compare_and_set("cas", 3, "x", 1, "b", 1));
        number(hostcall_kvstore_compare_and_set("cas", 3, "a", 1, "bc", 2));
        get("cas");
        number(hostcall_kvstore_compare_and_set("gone", 4, NULL, 0, "b", 1));
        break;
    case '4':
        increment("sum", 5);
        increment("sum", -12);
        number(hostcall_kvstore_increment(NULL, "sum", 3, 1));
        get("sum");
        number(hostcall_kvstore_insert("sum", 3, "a", 1));
        increment("sum", 1);
        break;
    default:
        number(hostcall_kvstore_upsert("k", 1, "a", 1));
        number(hostcall_kvstore_upsert("k", 1, "b", 1));
        get("k");
        number(hostcall_kvstore_append("k", 1, "c", 1));
        get("k");
        number(hostcall_kvstore_insert("k", 1, "d", 1));
        get("k");
        number(hostcall_kvstore_remove("k", 1));
        number(hostcall_kvstore_remove("k", 1));
        get("k");
        number(hostcall_kvstore_append("k", 1, "e", 1));
        number(hostcall_kvstore_insert("empty", 5, NULL, 0));
        get("empty");
    }
    finish();
}
