// Entry of the ticker thread. It holds no state but the shared control block.
import { parentPort, workerData } from "node:worker_threads";
import { ControlBlock } from "./control-block.ts";
import { openCpuClock } from "./cpu-clock.ts";
import { watch } from "./watch.ts";

/** What the guest's thread tells the ticker at its start. */
export interface TickerData {
  readonly memory: SharedArrayBuffer;
  readonly statPath: string | null;
  /** `process.hrtime` minus `performance.now()` of the guest's thread, in milliseconds: the two threads' zeros differ. */
  readonly zeroMs: number;
}

const { memory, statPath, zeroMs } = workerData as TickerData;
const clock = openCpuClock(statPath);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- the port of a worker thread has no origin
parentPort?.postMessage("ready");
watch(new ControlBlock(memory), clock, () => Number(process.hrtime.bigint()) / 1e6 - zeroMs);
clock.close();
