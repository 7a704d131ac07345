// What modules by plain `asc` import: `abort`, `trace`, `seed`, and their standard library's console and
// clock. Strings are addresses of UTF-16, with their size in bytes right before it.
import type { AssemblyScriptName } from "../../abi/index.ts";
import type { HostFunction } from "../../engine/types.ts";
import { TerrariumError } from "../../errors/index.ts";
import { hostFunction } from "../border.ts";
import type { Call, CallContext } from "../call-context.ts";
import { chargeWork } from "../host-work.ts";
import { readBytes, viewBytes } from "../memory/guest-memory.ts";
import type { RunState } from "../run-state.ts";

/** Longest message of `abort` that is shown. */
const MAX_MESSAGE_BYTES = 32 * 1024;
const SIZE_BYTES = 4;
const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });

const CALLS = {
  abort(run: CallContext, message: number, file: number, line: number, column: number): never {
    const text = readString(run, message, MAX_MESSAGE_BYTES) || "abort";
    const name = readString(run, file, MAX_MESSAGE_BYTES);
    const place = name === "" || line === 0 ? "" : ` (${name}:${line >>> 0}:${column >>> 0})`;
    throw new TerrariumError("TER_GUEST_PANIC", { message: text + place });
  },
  trace(run: CallContext, message: number, count: number, ...numbers: number[]): void {
    const shown = numbers.slice(0, Math.max(0, count)).map(String).join(", ");
    logLine(run, `${readString(run, message)}${shown === "" ? "" : ` ${shown}`}`);
  },
  seed: (run: CallContext): number => Number(BigInt.asUintN(53, run.state.random.next())),
  "console.debug": logString,
  "console.error": logString,
  "console.info": logString,
  "console.log": logString,
  "console.warn": logString,
  "Date.now": (run: CallContext): number => Math.floor(run.state.clock.nowMs),
  "performance.now": (run: CallContext): number => run.state.clock.nowMs - run.state.clock.startedAtMs,
} satisfies Record<AssemblyScriptName, unknown>;

/** These functions as the engine takes them. */
export function assemblyScriptFunctions(): Record<string, HostFunction<RunState>> {
  const functions: Record<string, HostFunction<RunState>> = Object.create(null);
  for (const [name, call] of Object.entries(CALLS)) functions[name] = hostFunction(name, false, call as Call);
  return functions;
}

function logString(run: CallContext, text: number): void {
  logLine(run, readString(run, text));
}

function logLine(run: CallContext, line: string): void {
  run.state.log.debug(Buffer.from(line), (units) => chargeWork(run, units));
}

/** The text of a string; "" for null. */
function readString(run: CallContext, address: number, maxBytes = Infinity): string {
  if (address === 0) return "";
  const size = viewBytes(run, address - SIZE_BYTES, SIZE_BYTES, "the size of a string");
  const bytes = new DataView(size.buffer, size.byteOffset, SIZE_BYTES).getUint32(0, true);
  return utf16.decode(readBytes(run, address, Math.min(bytes, maxBytes) & ~1, "a string"));
}
