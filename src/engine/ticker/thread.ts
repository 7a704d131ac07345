// Entry point of the ticker thread. Its only state is the shared control block and the names of programs.
import { writeFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { ControlBlock } from "./control-block.ts";
import { openCpuClock } from "./cpu-clock.ts";
import { ProgramNames } from "./program-names.ts";
import { watch } from "./watch.ts";

/** What the guest's thread passes to the ticker at the start. */
export interface TickerData {
  readonly memory: SharedArrayBuffer;
  readonly statPath: string | null;
  /**
   * `process.hrtime` minus `performance.now()` of the guest's thread, in milliseconds: the two threads have
   * different zeros.
   */
  readonly zeroMs: number;
  readonly names: SharedArrayBuffer;
  /**
   * File for the name of the program the process got stuck with; null if nothing would replace the process.
   */
  readonly stuckFile: string | null;
}

const { memory, statPath, zeroMs, names, stuckFile } = workerData as TickerData;
const clock = openCpuClock(statPath);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- the port of a worker thread has no
// origin
parentPort?.postMessage("ready");
watch({
  block: new ControlBlock(memory),
  clock,
  now: () => Number(process.hrtime.bigint()) / 1e6 - zeroMs,
  onStuck: endProcess,
});
clock.close();

/** Nothing can stop a thread inside host code or V8 itself; the parent process has to replace this one. */
function endProcess(program: number): void {
  if (stuckFile === null) return;
  try {
    writeFileSync(stuckFile, new ProgramNames(names).of(program));
  } finally {
    process.kill(process.pid, "SIGKILL");
  }
}
