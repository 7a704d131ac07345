// hostcall_init_mm: the guest names its allocator.
import type { CallContext } from "../call-context.ts";
import type { Calls } from "../calls.ts";
import { badCall } from "../call-errors.ts";
import { isFree, isMalloc } from "./function-types.ts";

export const MEMORY_CALLS = {
  hostcall_init_mm(run, mallocIndex, freeIndex) {
    const malloc = tableEntry(run, mallocIndex, "malloc_fn");
    if (!isMalloc(malloc)) throw badCall("malloc_fn is not a function of type (i32)->i32");
    if (!isFree(tableEntry(run, freeIndex, "free_fn")))
      throw badCall("free_fn is not a function of type (i32)->()");
    run.state.malloc = malloc;
  },
} satisfies Calls<"memory">;

function tableEntry(run: CallContext, index: number, what: string): unknown {
  const { table } = run;
  if (table === undefined) throw badCall("the module has no function table");
  if (index >>> 0 >= table.length)
    throw badCall(`${what} is ${index >>> 0}, but the function table has ${table.length} entries`);
  return table.get(index >>> 0);
}
