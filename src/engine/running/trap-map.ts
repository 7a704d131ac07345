// Translates V8's offsets and indices to those of the author's module.
import { type CodeMap, decodeCodeMap } from "../../wasm/index.ts";
import type { TrapMap } from "./traps.ts";
import type { LoadableModule } from "../types.ts";

/** The map of a module, read at its first trap; without a code map, offsets are unknown. */
export function trapMapOf({ codeMap }: LoadableModule): TrapMap {
  let map: CodeMap | null = null;
  const read = (): CodeMap | null => (codeMap === null ? null : (map ??= decodeCodeMap(codeMap)));
  return {
    toOriginal: (offset) => read()?.toOriginal(offset) ?? null,
    isInjected: (functionIndex) => read()?.isInjected(functionIndex) ?? false,
  };
}
