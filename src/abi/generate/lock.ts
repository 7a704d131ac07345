// The lock that makes the contract append-only: deployed modules import these names with these types.
import { ENV_SIGNATURES, hostcallEntries, type HostcallSignature } from "../table.ts";

/** Wasm types by name, when the lock was written. */
export type Lock = Readonly<Record<string, HostcallSignature>>;

/** The lock of the current table. */
export function lockText(): string {
  const lines = hostcallEntries().map(
    ([name]) => `  ${JSON.stringify(name)}: ${JSON.stringify(ENV_SIGNATURES[name])}`,
  );
  return `{\n${lines.join(",\n")}\n}\n`;
}

/** A sentence for each locked call that the table changed or dropped. */
export function breaches(locked: Lock, current: Lock = ENV_SIGNATURES): string[] {
  return Object.entries(locked).flatMap(([name, was]) => {
    const now = current[name];
    if (now === undefined) return [`${name} was removed`];
    return spelled(was) === spelled(now) ? [] : [`${name} was ${spelled(was)} and is ${spelled(now)}`];
  });
}

function spelled(signature: HostcallSignature): string {
  return `(${signature.params.join(", ")}) -> (${signature.results.join(", ")})`;
}
