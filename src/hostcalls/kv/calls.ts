// The deployment's key-value store. Quotas are the store's; how often one run may ask is counted here.
import type { CallContext } from "../call-context.ts";
import type { Calls } from "../calls.ts";
import { giveFound, giveNothing } from "../memory/allocator.ts";
import { readBytes } from "../memory/guest-memory.ts";
import { limitReached } from "../call-errors.ts";
import { whenDone } from "../waiting.ts";

export const KV_CALLS = {
  hostcall_kvstore_insert(run, keyPtr, keyLen, valuePtr, valueLen) {
    return whenDone(run, store(run).insert(key(run, keyPtr, keyLen), value(run, valuePtr, valueLen)), Number);
  },
  hostcall_kvstore_upsert(run, keyPtr, keyLen, valuePtr, valueLen) {
    return whenDone(run, store(run).upsert(key(run, keyPtr, keyLen), value(run, valuePtr, valueLen)), Number);
  },
  hostcall_kvstore_append(run, keyPtr, keyLen, valuePtr, valueLen) {
    return whenDone(run, store(run).append(key(run, keyPtr, keyLen), value(run, valuePtr, valueLen)), Number);
  },
  hostcall_kvstore_get(run, valueOut, lengthOut, keyPtr, keyLen) {
    return whenDone(run, store(run).get(key(run, keyPtr, keyLen)), (found) => {
      if (found === undefined) giveNothing(run, valueOut, lengthOut);
      else giveFound(run, valueOut, lengthOut, found);
      return found === undefined ? 0 : 1;
    });
  },
  hostcall_kvstore_remove(run, keyPtr, keyLen) {
    return whenDone(run, store(run).remove(key(run, keyPtr, keyLen)), Number);
  },
} satisfies Calls<"kv">;

/** The store, once more asked. */
function store(run: CallContext) {
  const { services } = run.state;
  const allowed = services.limits.keyValueOperations;
  run.state.keyValueOperations += 1;
  if (run.state.keyValueOperations > allowed)
    throw limitReached("store operations", run.state.keyValueOperations, allowed, "keyValueOperations");
  return services.keyValue;
}

function key(run: CallContext, ptr: number, len: number): Uint8Array {
  return readBytes(run, ptr, len, "the key");
}

function value(run: CallContext, ptr: number, len: number): Uint8Array {
  return readBytes(run, ptr, len, "the value");
}
