// Random hostcalls over the real Wasm border: whatever a guest passes, a call ends with a number, a named
// fault of the guest, an exit or a trap.
import { HOST_IMPORTS, type HostcallSignature } from "../../abi/index.ts";
import type { WasmNumber } from "../../engine/types.ts";
import { readMessage } from "../dns/message.ts";
import { disposeRunState } from "../run-state.ts";
import { Exit, Fault, openProbe, TABLE, type Probe } from "./probe.ts";
import { generator } from "./random.ts";
import { mapNamespace, type TestServices } from "./services.ts";

const SIGNATURES = Object.values(HOST_IMPORTS).flatMap((calls) => Object.entries<HostcallSignature>(calls));
/** Calls to one instance before the next. */
const CALLS_PER_GUEST = 400;

/** What a fuzz run saw. */
export interface FuzzReport {
  readonly calls: number;
  /** How calls ended: `number`, `exit`, `trap`, `ended`, or the code of the fault. */
  readonly endings: Readonly<Record<string, number>>;
  /** Everything that no guest may be able to cause. */
  readonly bugs: readonly string[];
  /** Handles and subrequests left behind after disposal. */
  readonly leaks: number;
}

/** Runs so many random calls, the same ones for the same seed. */
export async function fuzzHostcalls(calls: number, seed: number): Promise<FuzzReport> {
  const random = generator(seed);
  const endings: Record<string, number> = {};
  const bugs: string[] = [];
  let leaks = 0;
  for (let done = 0; done < calls; done += CALLS_PER_GUEST) {
    const probe = await openProbe({
      ...services(random),
      limits: { subrequests: 100, keyValueOperations: 200 },
      request: { body: Buffer.from("body") },
    });
    fillWithUseful(probe, random);
    for (let index = 0; index < Math.min(CALLS_PER_GUEST, calls - done); index += 1) {
      const [name, args] = randomCall(random, probe);
      const ending = await endingOf(probe, name, args, random);
      endings[ending] = (endings[ending] ?? 0) + 1;
      if (ending.startsWith("bug")) bugs.push(`${name}(${args.join(", ")}): ${ending}`);
    }
    probe.abort.abort();
    disposeRunState(probe.state);
    await new Promise((resolve) => setImmediate(resolve));
    leaks += probe.state.http.handles.live + probe.state.http.subrequests.underWay;
  }
  return { calls, endings, bugs, leaks };
}

async function endingOf(
  probe: Probe,
  name: string,
  args: WasmNumber[],
  random: () => number,
): Promise<string> {
  try {
    const result = probe.call(name, ...args);
    // The memory grows while the call waits: views from before are detached.
    if (random() < 0.01 && probe.memory.buffer.byteLength < 8 * 1024 * 1024) probe.memory.grow(1);
    const value = await result;
    return value === undefined || typeof value === "number" || typeof value === "bigint"
      ? "number"
      : `bug: ${typeof value}`;
  } catch (error) {
    if (error instanceof Fault)
      return error.error.kind === "guest"
        ? error.error.code
        : `bug: ${error.message} ${String(error.error.cause)}`;
    if (error instanceof Exit) return "exit";
    return error instanceof WebAssembly.RuntimeError ? "trap" : `bug: ${String(error)}`;
  }
}

function randomCall(random: () => number, probe: Probe): [string, WasmNumber[]] {
  const [name, signature] = SIGNATURES[Math.floor(random() * SIGNATURES.length)]!;
  if (name === "hostcall_init_mm" && random() < 0.8)
    return [name, [1 + Math.floor(random() * 8), random() < 0.9 ? TABLE.free : 1]];
  return [
    name,
    signature.params.map((type) =>
      type === "i64" ? BigInt.asIntN(64, BigInt(Math.floor(random() * 2 ** 52))) : randomI32(random, probe),
    ),
  ];
}

/**
 * Small numbers are handles and lengths, middle ones addresses, and the rest are what a broken program
 * passes.
 */
function randomI32(random: () => number, probe: Probe): number {
  const kind = random();
  if (kind < 0.35) return Math.floor(random() * 16);
  if (kind < 0.75) return 1024 + Math.floor(random() * 4096);
  if (kind < 0.85) return probe.memory.buffer.byteLength - Math.floor(random() * 32);
  const extreme = [-1, -2, 0x7fff_ffff, -0x8000_0000, 65_536, 1_000_000, 0x0fff_ffff];
  return kind < 0.95
    ? extreme[Math.floor(random() * extreme.length)]!
    : Math.floor((random() - 0.5) * 2 ** 32);
}

/** Texts, slices and numbers that make some of the random addresses meaningful. */
function fillWithUseful(probe: Probe, random: () => number): void {
  const memory = new Uint8Array(probe.memory.buffer);
  const texts = [
    "GET",
    "POST",
    "http://up.test/",
    "https://a.b/?c",
    "host",
    "x-tag",
    "content-length",
    "\0",
    "a.test",
  ].map((text) => Buffer.from(text));
  for (let at = 1024; at < 5200;) {
    const text = texts[Math.floor(random() * texts.length)]!;
    if (random() < 0.5) memory.set(text, at);
    else new DataView(memory.buffer).setUint32(at, 1024 + Math.floor(random() * 4096), true);
    at += random() < 0.5 ? 4 : text.length + 1;
  }
}

function services(random: () => number): TestServices {
  const turn = () => new Promise<void>((resolve) => (random() < 0.5 ? resolve() : setImmediate(resolve)));
  return {
    keyValue: mapNamespace(random() < 0.5),
    outbound: {
      send: async (_request, grant) => {
        await turn();
        if (random() < 0.1) grant.spend();
        if (random() < 0.3) throw new Error("failed");
        return {
          status: 200,
          headers: [
            ["a", "1"],
            ["A", ""],
          ],
          body: new Uint8Array(Math.floor(random() * 100)),
        };
      },
    },
    resolver: {
      raw: async (query) => {
        readMessage(query);
        await turn();
        return query;
      },
      addresses: async () => {
        await turn();
        if (random() < 0.5) throw new Error("none");
        return [Uint8Array.of(1, 2, 3, 4)];
      },
    },
    delay: turn,
  };
}
