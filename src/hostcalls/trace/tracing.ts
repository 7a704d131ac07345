// Wraps hostcalls so that they record themselves in the run's trace. A run without a trace pays one
// comparison per call.
import { HOSTCALLS, type Hostcall, type HostcallName } from "../../abi/index.ts";
import type { WasmNumber } from "../../engine/types.ts";
import type { Call, CallContext } from "../call-context.ts";

/** Bytes shown of a text that the guest passed. */
const MAX_TEXT_BYTES = 120;

/** The call, recording itself in the run's trace. Use only while the run has one. */
export function tracing(name: string, act: Call): Call {
  const entry: Hostcall | undefined = Object.hasOwn(HOSTCALLS, name)
    ? HOSTCALLS[name as HostcallName]
    : undefined;
  return (run, ...args) => {
    const note = begin(name, entry, run, args);
    try {
      const result = act(run, ...args);
      if (!(result instanceof Promise)) {
        note(result);
        return result;
      }
      return result.then(
        (step) => () => {
          const value = step();
          note(value);
          return value;
        },
        (error: unknown) => {
          note("fault");
          throw error;
        },
      );
    } catch (error) {
      note("fault");
      throw error;
    }
  };
}

/** Describes what goes in; the returned function adds what came out. */
function begin(
  name: string,
  entry: Hostcall | undefined,
  run: CallContext,
  args: readonly WasmNumber[],
): (result: WasmNumber | "fault" | void) => void {
  const { trace } = run.state;
  if (trace === null) return () => {};
  const startMs = trace.elapsed();
  const { detail, bytesIn } = describeInput(entry, run, args);
  return (result) => {
    const bytesOut = result === "fault" ? 0 : outputBytes(entry, run, args);
    trace.add({
      name,
      startMs,
      ms: trace.elapsed() - startMs,
      detail,
      bytesIn,
      bytesOut,
      result: describeResult(entry, result),
    });
  };
}

function describeInput(
  entry: Hostcall | undefined,
  run: CallContext,
  args: readonly WasmNumber[],
): { readonly detail: string; readonly bytesIn: number } {
  const texts: string[] = [];
  let bytesIn = 0;
  for (const [index, { role }] of (entry?.params ?? []).entries()) {
    if (role !== "in-text" && role !== "in-bytes") continue;
    const [address, length] = [Number(args[index]) >>> 0, Number(args[index + 1])];
    // A length of -1 is a text that ends at its first NUL; its size is not worth a search.
    if (length > 0) bytesIn += length;
    if (role === "in-text") texts.push(textAt(run, address, length));
  }
  return { detail: texts.join(" "), bytesIn };
}

function textAt(run: CallContext, address: number, length: number): string {
  const memory = run.memory?.buffer;
  if (memory === undefined || address >= memory.byteLength || length === 0) return "";
  const bytes = Buffer.from(
    memory,
    address,
    Math.min(length < 0 ? MAX_TEXT_BYTES : length, MAX_TEXT_BYTES, memory.byteLength - address),
  );
  const end = length < 0 ? bytes.indexOf(0) : -1;
  return bytes.toString("utf8", 0, end === -1 ? bytes.length : end);
}

function outputBytes(entry: Hostcall | undefined, run: CallContext, args: readonly WasmNumber[]): number {
  let total = 0;
  const params = entry?.params ?? [];
  for (const [index, { role }] of params.entries()) {
    const before = params[index - 1]?.role;
    const memory = run.memory?.buffer;
    const address = Number(args[index]) >>> 0;
    if (
      role !== "out-length" ||
      (before !== "out-bytes" && before !== "out-text") ||
      memory === undefined ||
      address + 4 > memory.byteLength
    )
      continue;
    total += new DataView(memory).getUint32(address, true);
  }
  return total;
}

function describeResult(entry: Hostcall | undefined, result: WasmNumber | "fault" | void): string {
  if (result === undefined || result === "fault") return result ?? "";
  const meaning = entry?.result?.statuses.find(({ value }) => value === Number(result))?.meaning;
  return meaning === undefined ? String(result) : `${result}: ${meaning}`;
}
