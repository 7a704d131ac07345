// Explains faults of a program that was refused memory or table entries: adds the limit it had reached to the
// trap's message.
import { type ErrorCode, TerrariumError } from "../../errors/index.ts";
import type { ModuleLayout } from "../../wasm/layout.ts";

const PAGE_BYTES = 65_536;
/** The record's subject if there was no room for a stack frame. */
const STACK = 0x7fff_ffff;

/** Faults that a refused growth may have caused, and the detail that ends their message. */
const LAST_DETAIL: Partial<Record<ErrorCode, string>> = {
  TER_GUEST_TRAP: "trap",
  TER_GUEST_PANIC: "message",
  TER_GUEST_BAD_CALL: "reason",
};

/** The appended function that found no room traps with `unreachable`, which is not what the program did. */
const STACK_OVERFLOW = "stack overflow: arrays and other values whose address is taken have 1 MiB";

/** Describes the record in `ENGINE_NAMES.refusedGrowth` for people; null if nothing was refused. */
export function describeRefusal(
  note: bigint,
  layout: ModuleLayout,
  memory: WebAssembly.Memory | undefined,
  exports: WebAssembly.Instance["exports"],
): string | null {
  const subject = Number(note >> 32n);
  const asked = Number(note & 0xffff_ffffn);
  if (subject === 0) return null;
  if (subject === STACK) return STACK_OVERFLOW;
  if (subject === 1) {
    const allowed = (layout.memory?.maximumPages ?? 0) * PAGE_BYTES;
    return message("memory", memory?.buffer.byteLength ?? 0, asked * PAGE_BYTES, allowed, showBytes);
  }
  const table = layout.mutable.tables[subject - 2];
  const length = (exports[table?.export ?? ""] as unknown as WebAssembly.Table | undefined)?.length ?? 0;
  return message("table entry", length, asked, table?.maximum ?? 0, String);
}

/** The same fault, naming the refusal; faults that it does not explain stay unchanged. */
export function withRefusal(error: TerrariumError, refusal: string): TerrariumError {
  const detail = LAST_DETAIL[error.code];
  if (detail === undefined) return error;
  if (refusal === STACK_OVERFLOW)
    return new TerrariumError("TER_GUEST_TRAP", { trap: refusal }, { cause: error });
  return TerrariumError.of(
    error.code,
    { ...error.details, [detail]: `${String(error.details[detail])}; ${refusal}` },
    { cause: error },
  );
}

function message(
  limit: string,
  used: number,
  asked: number,
  allowed: number,
  show: (value: number) => string,
): string {
  return (
    `before that, its ${limit} limit was reached: used ` +
    `${show(used)}, requested ${show(asked)} more, limit ${show(allowed)}`
  );
}

function showBytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${bytes / 1024} KiB` : `${Number((bytes / 1024 / 1024).toFixed(1))} MiB`;
}
