// The deployment's key-value store. Its quota is the store's, sizes are checked before bytes are copied; how
// often one run may ask is counted here.
import { checkSizes, keyValueQuotaOf } from "../../store/key-value-quota.ts";
import type { Awaitable, KeyValueNamespace } from "../../store/types.ts";
import type { CallContext, Later } from "../call-context.ts";
import type { Calls } from "../calls.ts";
import { limitReached } from "../call-errors.ts";
import { giveFound, giveNothing } from "../memory/allocator.ts";
import { readBytes, viewBytes, writeU64 } from "../memory/guest-memory.ts";
import { whenDone } from "../waiting.ts";

const SUM_OUT = "the out-parameter for the sum";

type Write = (store: KeyValueNamespace, key: Uint8Array, value: Uint8Array) => Awaitable<boolean>;

export const KV_CALLS = {
  hostcall_kvstore_insert: writing((store, key, value) => store.insert(key, value)),
  hostcall_kvstore_upsert: writing((store, key, value) => store.upsert(key, value)),
  hostcall_kvstore_append: writing((store, key, value) => store.append(key, value)),
  hostcall_kvstore_compare_and_set(run, keyPtr, keyLen, expectedPtr, expectedLen, valuePtr, valueLen) {
    const namespace = store(run);
    const key = readKey(run, keyPtr, keyLen);
    const expected = readValue(run, expectedPtr, expectedLen, "the expected value");
    const value = readValue(run, valuePtr, valueLen, "the value");
    return whenDone(run, namespace.compareAndSet(key, expected, value), Number);
  },
  hostcall_kvstore_increment(run, valueOut, keyPtr, keyLen, delta) {
    const namespace = store(run);
    const key = readKey(run, keyPtr, keyLen);
    // Before the store changes: the program could not learn the sum.
    if (valueOut !== 0) viewBytes(run, valueOut, 8, SUM_OUT);
    return whenDone(run, namespace.increment(key, delta), (sum) => {
      if (valueOut !== 0) writeU64(run, valueOut, sum ?? 0n, SUM_OUT);
      return sum === undefined ? 0 : 1;
    });
  },
  hostcall_kvstore_get(run, valueOut, lengthOut, keyPtr, keyLen) {
    return whenDone(run, store(run).get(readKey(run, keyPtr, keyLen)), (found) => {
      if (found === undefined) giveNothing(run, valueOut, lengthOut);
      else giveFound(run, valueOut, lengthOut, found);
      return found === undefined ? 0 : 1;
    });
  },
  hostcall_kvstore_remove(run, keyPtr, keyLen) {
    return whenDone(run, store(run).remove(readKey(run, keyPtr, keyLen)), Number);
  },
} satisfies Calls<"kv">;

function writing(write: Write) {
  return (
    run: CallContext,
    keyPtr: number,
    keyLen: number,
    valuePtr: number,
    valueLen: number,
  ): number | Later<number> => {
    const namespace = store(run);
    const key = readKey(run, keyPtr, keyLen);
    return whenDone(run, write(namespace, key, readValue(run, valuePtr, valueLen, "the value")), Number);
  };
}

/** The store, after counting one more operation. */
function store(run: CallContext) {
  const { services } = run.state;
  const allowed = services.limits.keyValueOperations;
  run.state.keyValueOperations += 1;
  if (run.state.keyValueOperations > allowed)
    throw limitReached("store operations", run.state.keyValueOperations, allowed, "keyValueOperations");
  return services.keyValue;
}

/** The key, after checking its size. */
function readKey(run: CallContext, ptr: number, len: number): Uint8Array {
  return readSized(run, ptr, len, "the key", (bytes) => [bytes, 0]);
}

/** A value, after checking its size. */
function readValue(run: CallContext, ptr: number, len: number, what: string): Uint8Array {
  return readSized(run, ptr, len, what, (bytes) => [0, bytes]);
}

function readSized(
  run: CallContext,
  ptr: number,
  len: number,
  what: string,
  sizes: (bytes: number) => readonly [keyBytes: number, valueBytes: number],
): Uint8Array {
  const view = viewBytes(run, ptr, len, what);
  checkSizes(keyValueQuotaOf(run.state.services.limits), ...sizes(view.length));
  return readBytes(run, ptr, len, what);
}
