// What one feature's tests are: one body of cases for all guest languages.
import type { HostcallName } from "../../src/abi/index.ts";
import type { HeaderList } from "../../src/hostcalls/index.ts";
import type { FeatureName } from "./coverage.ts";

/** A request to a guest. */
export interface Ask {
  readonly method?: string;
  readonly headers?: HeaderList;
  readonly body?: string | Uint8Array;
}

/** What a guest made of it. */
export interface FeatureAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  /** The body without the space behind its last word. */
  readonly said: string;
  /** Text of the fault, or null. */
  readonly fault: string | null;
  readonly log: readonly string[];
}

/** One guest with the world around it. */
export interface Guest {
  ask(path: string, options?: Ask): Promise<FeatureAnswer>;
  /** URL of the origin, and one where nobody listens. */
  readonly origin: string;
  readonly nowhere: string;
  /** Hostcalls that it has called so far. */
  readonly called: ReadonlySet<string>;
}

/** A feature; `cases` by sentence. */
export interface Feature {
  readonly name: FeatureName;
  readonly cases: Readonly<Record<string, (guest: Guest) => Promise<void>>>;
}

/** Asserts a fault in which the hostcall is named. */
export function faultOf(answer: FeatureAnswer, hostcall: HostcallName): void {
  if (answer.fault === null) throw new Error(`no fault, but ${answer.status}: ${answer.said}`);
  if (!answer.fault.includes(hostcall))
    throw new Error(`the fault does not name ${hostcall}: ${answer.fault}`);
}
