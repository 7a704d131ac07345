// What the ticker does: looks at the slice under way and kills it when a limit is over.
import type { ControlBlock, SliceView } from "./control-block.ts";
import type { CpuClock } from "./cpu-clock.ts";

/**
 * Time between two checks while guests run. A slice that ends sooner is never seen and costs the ticker
 * nothing.
 */
const LOOK_EVERY_MS = 4;

/** Looks without any slice after which the ticker sleeps until one opens. */
const IDLE_LOOKS = 50;

/**
 * The kernel advances a thread's CPU clock this often at worst; nearer to the limit than this the ticker
 * looks each millisecond.
 */
const CLOCK_STEP_MS = 4;

/**
 * CPU time that a slice may go on for after its kill. The longest step between two looks of guest code at the
 * kill word takes some milliseconds; a slice that runs on for this long is in code that never looks.
 */
export const STUCK_MS = 1000;

/** What the ticker works with. */
export interface Watched {
  readonly block: ControlBlock;
  readonly clock: CpuClock;
  /** The guest thread's `performance.now()`. */
  readonly now: () => number;
  /** Called for a slice that does not end though it was killed. */
  readonly onStuck: (program: number) => void;
}

/** Runs until the block is stopped. */
export function watch(watched: Watched): void {
  const { block } = watched;
  let idle = 0;
  while (!block.stopped) {
    const view = block.read();
    if (view !== null) {
      idle = 0;
      watchSlice(watched, view);
    } else if (++idle > IDLE_LOOKS) {
      block.sleep();
      idle = 0;
    }
    block.pause(LOOK_EVERY_MS);
  }
}

function watchSlice(watched: Watched, view: SliceView): void {
  const { block, clock, now } = watched;
  const { slice } = view;
  while (block.current === slice && !block.stopped) {
    const atMs = now();
    const leftMs = view.cpuBudgetMs - usedMs(view, atMs, clock.read());
    const reason = atMs >= view.wallDeadlineMs ? "wall" : leftMs <= 0 ? "cpu" : null;
    if (reason !== null) return void (block.kill(slice, reason) && watchEnd(watched, view));
    block.pause(Math.min(nextLookMs(leftMs), view.wallDeadlineMs - atMs));
  }
}

/** A killed guest ends when it reads the kill word. */
function watchEnd({ block, clock, now, onStuck }: Watched, { slice, program }: SliceView): void {
  const killed = { beganMs: now(), cpuClockMs: clock.read() ?? 0 };
  while (block.outlives(slice) && !block.stopped) {
    if (usedMs(killed, now(), clock.read()) > STUCK_MS) return onStuck(program);
    block.pause(LOOK_EVERY_MS);
  }
}

/** CPU time of the slice so far: never more than time has passed, nor than the thread's clock has moved. */
function usedMs(
  view: Pick<SliceView, "beganMs" | "cpuClockMs">,
  atMs: number,
  cpuClockMs: number | null,
): number {
  const wallMs = atMs - view.beganMs;
  return cpuClockMs === null ? wallMs : Math.min(wallMs, cpuClockMs - view.cpuClockMs);
}

/**
 * A guest cannot use its CPU faster than time passes, so it may be left alone until then; short looks notice
 * its end.
 */
function nextLookMs(leftMs: number): number {
  if (leftMs <= CLOCK_STEP_MS) return 1;
  return Math.min(leftMs - CLOCK_STEP_MS + 1, LOOK_EVERY_MS);
}
