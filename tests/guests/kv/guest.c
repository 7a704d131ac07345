#include "prelude.h"

static void get(const char *key)
{
    uint8_t *bytes;
    size_t len = 77;
    number(hostcall_kvstore_get(&bytes, &len, key, strlen(key)));
    number((long long)len);
    value(bytes, len);
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
