// A thread of `fuzz-rewriter.ts`: makes random modules and compares each with itself rewritten, one after the
// other, and says what it is about to do, so that the script knows what it was doing when it got stuck.
import { parentPort, workerData } from "node:worker_threads";
import { compareModule, type Comparison } from "../src/wasm/testing/compare-modules.ts";
import { inspectModule } from "../src/wasm/index.ts";
import { openModuleSource, randomBytes, seededRandom } from "../src/wasm/testing/random-modules.ts";

/** Which modules to try: numbers from `first` to `last`. */
export interface Share {
  readonly seed: number;
  readonly first: number;
  readonly last: number;
}

/** What the thread says: before each step, and after each module. */
export type Progress =
  | { readonly kind: "making" | "comparing"; readonly number: number }
  | { readonly kind: "crashed" | "invalid"; readonly number: number }
  | {
      readonly kind: "compared";
      readonly number: number;
      readonly bytes: Uint8Array;
      readonly features: readonly string[];
      readonly comparison: Comparison;
    };

/** wasm-opt leaks, and some random bytes crash it. Both end with a new one. */
const MODULES_PER_SOURCE = 1000;
const NUMBERS_PER_SEED = 10_000_000;

const { seed, first, last }: Share = workerData;
let source = await openModuleSource();
for (let number = first; number <= last; number++) {
  if ((number - first + 1) % MODULES_PER_SOURCE === 0) await renewSource();
  say({ kind: "making", number });
  const bytes = await make(randomBytes(seededRandom(seed * NUMBERS_PER_SEED + number)));
  if (bytes === null || !WebAssembly.validate(bytes))
    say({ kind: bytes === null ? "crashed" : "invalid", number });
  else {
    say({ kind: "comparing", number });
    say({ kind: "compared", number, bytes, ...compare(bytes) });
  }
}
source.close();

function say(progress: Progress): void {
  parentPort?.postMessage(progress);
}

async function make(random: Uint8Array): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return source.make(random);
  } catch {
    await renewSource();
    return null;
  }
}

async function renewSource(): Promise<void> {
  source.close();
  source = await openModuleSource();
}

function compare(bytes: Uint8Array<ArrayBuffer>): { features: readonly string[]; comparison: Comparison } {
  let features: readonly string[] = [];
  try {
    ({ features } = inspectModule(bytes));
    return { features, comparison: compareModule(bytes) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // V8 refuses this too, but not every time.
    if (message.includes("old and new exception"))
      return { features, comparison: { kind: "skipped", reason: "old and new exceptions" } };
    return {
      features,
      comparison: { kind: "differs", what: "refused", original: "valid", rewritten: message },
    };
  }
}
