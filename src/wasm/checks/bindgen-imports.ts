// Imports by which wasm-bindgen reaches JavaScript, and which crate to build differently.
import { TerrariumError } from "../../errors/index.ts";
import type { ImportEntry } from "../reading/module-model.ts";
import { showName } from "../reading/names.ts";

/** What the names of imports say about the crate that asked for them, the surest first. */
const CRATES: readonly (readonly [names: RegExp, cause: string, fix: string])[] = [
  [
    /getRandomValues|randomFillSync|_crypto_|_msCrypto_/,
    "the crate `getrandom`",
    "Without its feature `js` (0.2) or `wasm_js` (0.3 and newer). With 0.2, set its feature `custom` and " +
      "register a function that fills from `http_guest::rand`; newer ones draw from the platform",
  ],
  [
    /getTime|getTimezoneOffset|_new0_|_now_|Date/,
    "the clock of a crate such as `chrono` or `web-time`",
    'Use `chrono = { version = "0.4", default-features = false, features = ["std"] }`, so without its ' +
      "feature `wasmbind`, and take the time from `http_guest::Time::since_epoch()`",
  ],
];
const ANY_CRATE = [
  "a crate",
  "Find it with `cargo tree -i wasm-bindgen --target wasm32-unknown-unknown`, and turn off its feature for " +
    "JavaScript: often `js`, `wasm_js`, `wasmbind`, `wasm-bindgen` or `stdweb`",
] as const;

/** Throws TER_WASM_BINDGEN if the entry is such an import. */
export function refuseBindgen(entry: ImportEntry, all: readonly ImportEntry[]): void {
  if (!isBindgen(entry)) return;
  const names = all.filter(isBindgen).map(({ name }) => name);
  const known = CRATES.find(([pattern]) => names.some((name) => pattern.test(name)));
  const [cause, fix] = known === undefined ? ANY_CRATE : [known[1], known[2]];
  const shown = { module: showName(entry.module), name: showName(entry.name) };
  throw new TerrariumError("TER_WASM_BINDGEN", { ...shown, cause, fix });
}

function isBindgen({ module, name }: ImportEntry): boolean {
  return module.startsWith("__wbindgen_") || /^__(wbg|wbindgen)_/.test(name);
}
