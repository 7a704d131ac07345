// What the ticker does: looks at the slice under way and kills it when a limit is over.
import type { ControlBlock, SliceView } from "./control-block.ts";
import type { CpuClock } from "./cpu-clock.ts";

/** Between two looks while guests run. A slice that ends sooner is never seen and costs the ticker nothing. */
const LOOK_EVERY_MS = 4;

/** Looks without any slice after which the ticker sleeps until one opens. */
const IDLE_LOOKS = 50;

/** The kernel advances a thread's CPU clock this often at worst; nearer to the limit than this the ticker looks each millisecond. */
const CLOCK_STEP_MS = 4;

/** Runs until the block is stopped. `now` is the guest thread's `performance.now()`. */
export function watch(block: ControlBlock, clock: CpuClock, now: () => number): void {
  let idle = 0;
  while (!block.stopped) {
    const view = block.read();
    if (view !== null) {
      idle = 0;
      watchSlice(block, clock, now, view);
    } else if (++idle > IDLE_LOOKS) {
      block.sleep();
      idle = 0;
    }
    block.pause(LOOK_EVERY_MS);
  }
}

function watchSlice(block: ControlBlock, clock: CpuClock, now: () => number, view: SliceView): void {
  const { slice } = view;
  while (block.current === slice && !block.stopped) {
    const atMs = now();
    if (atMs >= view.wallDeadlineMs) return void block.kill(slice, "wall");
    const leftMs = view.cpuBudgetMs - usedMs(view, atMs, clock.read());
    if (leftMs <= 0) return void block.kill(slice, "cpu");
    block.pause(Math.min(nextLookMs(leftMs), view.wallDeadlineMs - atMs));
  }
}

/** CPU time of the slice so far: never more than time has passed, nor than the thread's clock has moved. */
function usedMs(view: SliceView, atMs: number, cpuClockMs: number | null): number {
  const wallMs = atMs - view.beganMs;
  return cpuClockMs === null ? wallMs : Math.min(wallMs, cpuClockMs - view.cpuClockMs);
}

/** A guest cannot use its CPU faster than time passes, so it may be left alone until then; short looks notice its end. */
function nextLookMs(leftMs: number): number {
  if (leftMs <= CLOCK_STEP_MS) return 1;
  return Math.min(leftMs - CLOCK_STEP_MS + 1, LOOK_EVERY_MS);
}
