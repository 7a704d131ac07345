// From V8's offsets and indices to those of the module that the author built.
import type { TrapMap } from "./traps.ts";
import type { LoadableModule } from "./types.ts";

/** The map of a module; offsets are unknown if it came without a code map. */
export function trapMapOf({ names }: LoadableModule): TrapMap {
  return {
    toOriginal: () => null,
    nameOf: (functionIndex) => names?.get(functionIndex) ?? null,
  };
}
