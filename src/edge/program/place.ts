// Where in its program a fault happened, in words.
import type { TrapFrame } from "../../engine/index.ts";

/** Frames shown to the client; the innermost say most. */
const MAX_FRAMES = 8;

/** Function names with offsets, innermost first, one a line; null if nothing is known. */
export function placeOf(frames: readonly TrapFrame[]): string | null {
  if (frames.length === 0) return null;
  return frames.slice(0, MAX_FRAMES).map(describe).join("\n  at ");
}

function describe(frame: TrapFrame): string {
  const name = frame.functionName ?? `function ${frame.functionIndex}`;
  return frame.offset === null ? name : `${name} (offset 0x${frame.offset.toString(16)})`;
}
