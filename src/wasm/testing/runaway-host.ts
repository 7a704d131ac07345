// For tests of runaway guests: a separate process, so that flags choose V8's tier. It runs guests in worker
// threads and sets their kill word from outside, as the platform's ticker does.
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";

/** A guest to start. It calls `env.log` once, when it begins to run away. */
export interface Runaway {
  readonly bytes: Uint8Array;
  readonly memory: { readonly initialPages: number; readonly maximumPages: number } | null;
  /** How long it runs before the kill word is set. */
  readonly spinMs: number;
  /** How long to wait for its end after that. */
  readonly patienceMs: number;
}

/** How it ended, and how long after the kill word was set; null if it continued. */
export type RunawayEnd = { readonly outcome: string; readonly afterMs: number } | null;

const GUEST = `
const { workerData, parentPort } = require("node:worker_threads");
const { bytes, kill, memory } = workerData;
const engine = { kill };
if (memory !== null) {
  const { initialPages: initial, maximumPages: maximum } = memory;
  engine.memory = new WebAssembly.Memory({ initial, maximum });
}
const env = { log: () => parentPort.postMessage("running") };
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env, terrarium: engine });
try {
  exports.go();
  parentPort.postMessage("returned");
} catch (error) {
  parentPort.postMessage(error.message);
}
`;

process.on("message", (runaway: Runaway) => {
  void spinAndKill(runaway);
});

async function spinAndKill({ bytes, memory, spinMs, patienceMs }: Runaway): Promise<void> {
  const kill = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const worker = new Worker(GUEST, { eval: true, workerData: { bytes, kill, memory } });
  try {
    await nextMessage(worker);
    const ended = nextMessage(worker);
    const early = await Promise.race([ended, delay(spinMs, null)]);
    const since = performance.now();
    Atomics.store(new Int32Array(kill.buffer), 0, -1);
    const outcome =
      early === null ? await Promise.race([ended, delay(patienceMs, null)]) : `${early} before it was killed`;
    report(outcome === null ? null : { outcome, afterMs: performance.now() - since });
  } finally {
    await worker.terminate();
  }
}

function report(end: RunawayEnd): void {
  process.send?.({ end });
}

function nextMessage(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}
