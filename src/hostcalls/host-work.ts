// Host work on a guest's behalf: what one step may cost, and how to stop a run in the middle of it. The work
// runs on the guest's thread, so the CPU clock charges it to the run. This file adds the check that guest
// code makes in each loop: the host has to read the kill word while it works.
import type { CallContext } from "./call-context.ts";

/** Work between two checks of the kill word. A unit is the work of copying or reading a byte. */
const UNITS_PER_CHECK = 64 * 1024;
/** Work for one element of a list besides its bytes: looking it up, creating an object. */
export const ELEMENT_UNITS = 100;
/** Bytes copied in one step: about a millisecond where the target's pages are new. */
const COPY_STEP_BYTES = 2 * 1024 * 1024;

/** Charges work before it is done. Ends the run here if its time is up. */
export function chargeWork(run: CallContext, units: number): void {
  const { state } = run;
  const before = state.workUnits;
  state.workUnits = before + units;
  if (Math.trunc(state.workUnits / UNITS_PER_CHECK) > Math.trunc(before / UNITS_PER_CHECK))
    run.checkInterrupt();
}

/** Copies bytes in steps, each charged first. */
export function copyCharged(run: CallContext, source: Uint8Array, target: Uint8Array): void {
  for (let at = 0; at < source.length; at += COPY_STEP_BYTES) {
    const step = source.subarray(at, at + COPY_STEP_BYTES);
    chargeWork(run, step.length);
    target.set(step, at);
  }
}
