// Progress of long commands: a notice each second while something is counted.
import type { Terminal } from "./terminal.ts";

const EVERY_MS = 1000;

/** A function to be called with the count so far, and the total where it is known. */
export function countingUp(terminal: Terminal, what: string): (done: number, total?: number) => void {
  let lastMs = performance.now();
  return (done, total) => {
    if (performance.now() - lastMs < EVERY_MS) return;
    lastMs = performance.now();
    terminal.notice(`${done}${total === undefined ? "" : ` of ${total}`} ${what}`);
  };
}
