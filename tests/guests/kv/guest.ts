import {
  hostcall_kvstore_append,
  hostcall_kvstore_compare_and_set,
  hostcall_kvstore_get,
  hostcall_kvstore_increment,
  hostcall_kvstore_insert,
  hostcall_kvstore_remove,
  hostcall_kvstore_upsert,
} from "http_guest/hostcalls";
import { begin, finish, length, LENGTH_CELL, number, POINTER_CELL, Utf8, value } from "./prelude";

function insert(key: string, text: string): void {
  const name = new Utf8(key);
  const bytes = new Utf8(text);
  number(hostcall_kvstore_insert(name.pointer, name.length, bytes.pointer, bytes.length));
}

function upsert(key: string, text: string): void {
  const name = new Utf8(key);
  const bytes = new Utf8(text);
  number(hostcall_kvstore_upsert(name.pointer, name.length, bytes.pointer, bytes.length));
}

function append(key: string, text: string): void {
  const name = new Utf8(key);
  const bytes = new Utf8(text);
  number(hostcall_kvstore_append(name.pointer, name.length, bytes.pointer, bytes.length));
}

function compareAndSet(key: string, expected: string, text: string): void {
  const name = new Utf8(key);
  const old = new Utf8(expected);
  const bytes = new Utf8(text);
  number(
    hostcall_kvstore_compare_and_set(
      name.pointer,
      name.length,
      old.pointer,
      old.length,
      bytes.pointer,
      bytes.length,
    ),
  );
}

function increment(delta: i64): void {
  const name = new Utf8("sum");
  store<i64>(SUM_CELL, 77);
  number(hostcall_kvstore_increment(SUM_CELL, name.pointer, name.length, delta));
  number(load<i64>(SUM_CELL));
}

function remove(key: string): void {
  const name = new Utf8(key);
  number(hostcall_kvstore_remove(name.pointer, name.length));
}

function get(key: string): void {
  const name = new Utf8(key);
  store<u32>(LENGTH_CELL, 77);
  number(hostcall_kvstore_get(POINTER_CELL, LENGTH_CELL, name.pointer, name.length));
  number(length());
  value();
}

/** Where the host writes a sum. */
const SUM_CELL: usize = memory.data(8);

export function run(): void {
  switch (begin()) {
    case 1:
      insert("kept", "from before");
      break;
    case 2:
      get("kept");
      break;
    case 3:
      insert("cas", "a");
      compareAndSet("cas", "x", "b");
      compareAndSet("cas", "a", "bc");
      get("cas");
      compareAndSet("gone", "", "b");
      break;
    case 4:
      increment(5);
      increment(-12);
      const name = new Utf8("sum");
      number(hostcall_kvstore_increment(0, name.pointer, name.length, 1));
      get("sum");
      insert("sum", "a");
      increment(1);
      break;
    default:
      upsert("k", "a");
      upsert("k", "b");
      get("k");
      append("k", "c");
      get("k");
      insert("k", "d");
      get("k");
      remove("k");
      remove("k");
      get("k");
      append("k", "e");
      insert("empty", "");
      get("empty");
  }
  finish();
}
