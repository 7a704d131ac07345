// The deployment's own key-value store. Whether a call waits is a property of the store behind it.
import { flag, inBytes, inText, outBytes } from "../parameters.ts";
import type { HostcallTable } from "../types.ts";

const wasAbsent = flag("the key was absent", "the key was there");

export const KV_HOSTCALLS = {
  hostcall_kvstore_insert: {
    domain: "kv",
    params: [...inText("key"), ...inBytes("val")],
    result: wasAbsent,
    maySuspend: true,
    summary: "Writes a value, whether or not the key exists.",
    example: `hostcall_kvstore_insert("greeting", 8, "hello", 5);`,
  },
  hostcall_kvstore_upsert: {
    domain: "kv",
    params: [...inText("key"), ...inBytes("val")],
    result: wasAbsent,
    maySuspend: true,
    summary: "Writes a value only if the key is absent.",
    example: `hostcall_kvstore_upsert("greeting", 8, "hello", 5);`,
  },
  hostcall_kvstore_append: {
    domain: "kv",
    params: [...inText("key"), ...inBytes("val")],
    result: wasAbsent,
    maySuspend: true,
    summary: "Appends to a value, or writes it if the key is absent.",
    example: `hostcall_kvstore_append("greeting", 8, ", world", 7);`,
  },
  hostcall_kvstore_compare_and_set: {
    domain: "kv",
    params: [...inText("key"), ...inBytes("expected"), ...inBytes("val")],
    result: flag("written", "the key is absent or has another value"),
    maySuspend: true,
    summary: "Writes a value only if the key has exactly the expected value.",
    example: `int written = hostcall_kvstore_compare_and_set("greeting", 8, "hello", 5, "bye", 3);`,
  },
  hostcall_kvstore_increment: {
    domain: "kv",
    params: [
      { name: "value_out", type: "i32", role: "out-i64" },
      ...inText("key"),
      { name: "delta", type: "i64", role: "number" },
    ],
    result: flag("added", "the value is no whole number, or the sum does not fit 64 bits; nothing changed"),
    maySuspend: true,
    summary: "Adds to a value that is a whole number in decimal digits; an absent key counts as 0.",
    example: `int64_t visits;\nint added = hostcall_kvstore_increment(&visits, "visits", 6, 1);`,
  },
  hostcall_kvstore_get: {
    domain: "kv",
    params: [...outBytes("val"), ...inText("key")],
    result: flag("found; the pointer is never null", "not found; the pointer is null"),
    maySuspend: true,
    summary: "Gives the value of a key.",
    example: `uint8_t *value;\nsize_t len;\nint found = hostcall_kvstore_get(&value, &len, "greeting", 8);`,
  },
  hostcall_kvstore_remove: {
    domain: "kv",
    params: [...inText("key")],
    result: flag("removed", "the key was absent"),
    maySuspend: true,
    summary: "Removes a key and its value.",
    example: `hostcall_kvstore_remove("greeting", 8);`,
  },
} as const satisfies HostcallTable;
