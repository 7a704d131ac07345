// The environment of WASI: the deployment's settings.
import type { CallContext } from "../call-context.ts";
import { chargeWork, ELEMENT_UNITS } from "../host-work.ts";
import { viewBytes, writeU32 } from "../memory/guest-memory.ts";
import { ERRNO } from "./errno.ts";

const POINTER_BYTES = 4;
const encoder = new TextEncoder();

/** Settings as WASI passes them: `KEY=VALUE`, each with a zero byte at its end. */
export function encodeEnvironment(settings: Readonly<Record<string, string>>): Uint8Array[] {
  return Object.entries(settings).map(([key, value]) => encoder.encode(`${key}=${value}\0`));
}

export const ENVIRONMENT_CALLS = {
  environ_sizes_get(run: CallContext, countOut: number, bytesOut: number): number {
    const { environment } = run.state.services;
    writeU32(run, countOut, environment.length, "the out-parameter for the count");
    writeU32(run, bytesOut, sizeOf(environment), "the out-parameter for the size");
    return ERRNO.success;
  },
  environ_get(run: CallContext, pointersOut: number, bytesOut: number): number {
    const { environment } = run.state.services;
    if (environment.length === 0) return ERRNO.success;
    const size = sizeOf(environment);
    const pointers = viewBytes(
      run,
      pointersOut,
      environment.length * POINTER_BYTES,
      "the buffer for the pointers",
    );
    const bytes = viewBytes(run, bytesOut, size, "the buffer for the environment");
    chargeWork(run, size + environment.length * ELEMENT_UNITS);
    const view = new DataView(pointers.buffer, pointers.byteOffset, pointers.byteLength);
    let offset = 0;
    environment.forEach((entry, index) => {
      view.setUint32(index * POINTER_BYTES, (bytesOut >>> 0) + offset, true);
      bytes.set(entry, offset);
      offset += entry.length;
    });
    return ERRNO.success;
  },
};

function sizeOf(environment: readonly Uint8Array[]): number {
  return environment.reduce((sum, entry) => sum + entry.length, 0);
}
