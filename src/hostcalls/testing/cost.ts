// Looks for the hostcall that makes the host work most: bytes that are expensive to decode, escape, parse or
// copy, at addresses and lengths that reach far, over the real Wasm border. The best calls found are varied
// further.
import { randomFillSync } from "node:crypto";
import { HOST_IMPORTS, type HostcallSignature } from "../../abi/index.ts";
import type { WasmNumber } from "../../engine/types.ts";
import { disposeRunState } from "../run-state.ts";
import { Exit, Fault, openProbe, OUT, OUT2, type Probe } from "./probe.ts";
import { generator, pick } from "./random.ts";
import { mapNamespace } from "./services.ts";

const SIGNATURES = Object.values(HOST_IMPORTS)
  .flatMap((calls) => Object.entries<HostcallSignature>(calls))
  // What these take is the turn of the event loop for which they wait.
  .filter(([name]) => !["sched_yield", "hostcall_pending_req_poll"].includes(name));
const MIB = 1024 * 1024;
/** Where the hostile bytes are, and how many. */
const BYTES_AT = MIB;
const BYTES = 2 * MIB;
/** An array of slices and one of I/O vectors, each of whose elements names hostile bytes. */
const SLICES_AT = 256 * 1024;
const SLICES = 2048;
const MEMORY_PAGES = 64;
/** What a call costs in any case, in units: crossing the border, looking up, allocating. */
const CALL_UNITS = 20_000;
/** Best calls that are kept to be varied. */
const KEPT = 24;

const text = (part: string) => Buffer.from(part);
/** Bytes that fill the memory, each repeated. */
export const HOSTILE_BYTES: readonly Uint8Array[] = [
  text("\x01"),
  text("\n"),
  text("a"),
  text(" ".repeat(999) + "x"),
  text("\r"),
  Uint8Array.of(0xff),
  Uint8Array.of(0xc3),
  text("é"),
  text("\u2028"),
  text("%41"),
  text("../"),
  text("a.xn--tda"),
  text("http://a/"),
  text("@"),
  Uint8Array.of(0xc0, 12),
  Uint8Array.of(0, 0),
];

const ADDRESSES = [0, OUT, OUT2, SLICES_AT, BYTES_AT, BYTES_AT + 7, BYTES_AT + BYTES - 8] as const;
const NUMBERS = [
  -1,
  0,
  1,
  2,
  3,
  17,
  1000,
  1024,
  2048,
  4095,
  8191,
  8193,
  32_767,
  65_535,
  MIB,
  16 * MIB,
] as const;

/** One call and the memory that it finds. */
export interface CostlyCall {
  readonly name: string;
  readonly args: readonly WasmNumber[];
  readonly bytes: number;
  /** How long each slice is that the arrays name. */
  readonly sliceBytes: number;
}

/** What a call cost. */
export interface Cost {
  readonly call: CostlyCall;
  readonly ms: number;
  readonly units: number;
  /** Longest time in which the host did not look whether the run's time is up. */
  readonly uncheckedMs: number;
  readonly nsPerUnit: number;
  readonly ending: string;
}

/**
 * Tries calls until `until` says so; the most expensive per unit of charged work first. `onCost` sees every
 * one.
 */
export async function searchCost(
  seed: number,
  until: (tried: number) => boolean,
  onCost: (cost: Cost) => void = () => undefined,
): Promise<Cost[]> {
  const random = generator(seed);
  let best: Cost[] = [];
  for (let tried = 0; !until(tried); tried += 1) {
    const call =
      best.length === 0 || random() < 0.6 ? anyCall(random) : varied(random, pick(random, best).call);
    const first = await costOf(call);
    onCost(first);
    if (first.nsPerUnit <= (best[KEPT - 1]?.nsPerUnit ?? 0)) continue;
    const cost = await leastOf(first, 3);
    best = [...best, cost].sort((one, other) => other.nsPerUnit - one.nsPerUnit).slice(0, KEPT);
  }
  return best;
}

/** Makes one call in a fresh guest. `checkInterrupt` is called as the engine's would be. */
export async function costOf(call: CostlyCall, checkInterrupt: () => void = () => undefined): Promise<Cost> {
  let uncheckedMs = 0;
  let lastMs = cpuMs();
  const look = () => {
    const nowMs = cpuMs();
    uncheckedMs = Math.max(uncheckedMs, nowMs - lastMs);
    lastMs = nowMs;
  };
  const probe = await openProbe({
    keyValue: mapNamespace(),
    random: (view) => void randomFillSync(view),
    limits: { copyBytes: 2 * MIB },
    request: { body: Buffer.alloc(MIB) },
    checkInterrupt: () => {
      look();
      checkInterrupt();
    },
  });
  fill(probe, call);
  await probe.call("hostcall_req_create", OUT + 100, 3, OUT + 110, 10);
  const unitsBefore = probe.state.workUnits;
  const beganMs = (lastMs = cpuMs());
  const ending = await endingOf(probe, call);
  look();
  const ms = cpuMs() - beganMs;
  const units = CALL_UNITS + probe.state.workUnits - unitsBefore;
  disposeRunState(probe.state);
  return { call, ms, units, uncheckedMs, nsPerUnit: (ms * 1e6) / units, ending };
}

/** CPU time of this thread: on a busy machine other processes are not charged to a hostcall. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

async function endingOf(probe: Probe, { name, args }: CostlyCall): Promise<string> {
  try {
    return String(await probe.call(name, ...args));
  } catch (error) {
    if (error instanceof Fault) return error.error.code;
    return error instanceof Exit ? "exit" : error instanceof Error ? error.message : String(error);
  }
}

function fill(probe: Probe, { bytes, sliceBytes }: CostlyCall): void {
  const missing = MEMORY_PAGES - probe.memory.buffer.byteLength / (64 * 1024);
  if (missing > 0) probe.memory.grow(missing);
  const memory = Buffer.from(probe.memory.buffer);
  memory.fill(HOSTILE_BYTES[bytes] ?? text("a"), BYTES_AT, BYTES_AT + BYTES);
  memory.write("GET", OUT + 100);
  memory.write("http://a.b", OUT + 110);
  for (let index = 0; index < SLICES; index += 1) {
    memory.writeUInt32LE(BYTES_AT + index, SLICES_AT + index * 8);
    memory.writeUInt32LE(sliceBytes, SLICES_AT + index * 8 + 4);
  }
}

function anyCall(random: () => number): CostlyCall {
  const [name, { params }] = pick(random, SIGNATURES);
  return {
    name,
    args: params.map((type) => (type === "i64" ? 0n : anyNumber(random))),
    bytes: Math.floor(random() * HOSTILE_BYTES.length),
    sliceBytes: pick(random, [0, 1, 3, 30, 1000, 16_000, 65_536]),
  };
}

function anyNumber(random: () => number): number {
  return random() < 0.5 ? pick(random, ADDRESSES) : pick(random, NUMBERS);
}

/** The call with one thing changed. */
function varied(random: () => number, call: CostlyCall): CostlyCall {
  const changed = Math.floor(random() * (call.args.length + 2));
  const other = anyCall(random);
  if (changed === call.args.length) return { ...call, bytes: other.bytes };
  if (changed > call.args.length) return { ...call, sliceBytes: other.sliceBytes };
  return {
    ...call,
    args: call.args.map((arg, index) =>
      index !== changed || typeof arg === "bigint" ? arg : anyNumber(random),
    ),
  };
}

/** The cheapest of several measurements: a single expensive one may be a pause of the machine. */
async function leastOf(first: Cost, times: number): Promise<Cost> {
  let least = first;
  for (let again = 1; again < times; again += 1) {
    const cost = await costOf(first.call);
    if (cost.ms < least.ms) least = cost;
  }
  return least;
}
