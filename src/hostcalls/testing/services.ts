// HostServices for tests: real where no machine is needed; the test controls clock, random numbers, delays
// and upstreams.
import { DEFAULT_LIMITS, type Limits } from "../../config/index.ts";
import { addDecimals, decimalOf } from "../../store/decimal-number.ts";
import type { KeyValueNamespace } from "../../store/types.ts";
import type { IncomingRequest, Outbound, Resolver, HostServices } from "../types.ts";

/** What a test may replace. */
export interface TestServices {
  readonly keyValue?: KeyValueNamespace;
  readonly environment?: readonly Uint8Array[];
  readonly outbound?: Outbound;
  readonly resolver?: Resolver;
  readonly now?: () => number;
  readonly random?: (view: Uint8Array) => void;
  readonly delay?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly limits?: Partial<Limits>;
}

/** A line of the log: `source: text`. */
export type LogLines = string[];

/** HostServices whose log is the returned list. */
export function testServices(replaced: TestServices = {}): {
  readonly services: HostServices;
  readonly lines: LogLines;
} {
  const lines: LogLines = [];
  let seed = 0;
  const services: HostServices = {
    keyValue: replaced.keyValue ?? mapNamespace(),
    environment: replaced.environment ?? [],
    outbound: replaced.outbound ?? { send: () => Promise.reject(new Error("no upstream in this test")) },
    resolver: replaced.resolver ?? {
      raw: () => Promise.reject(new Error("no resolver in this test")),
      addresses: () => Promise.reject(new Error("no resolver in this test")),
    },
    log: (source, text) => lines.push(`${source}: ${text}`),
    now: replaced.now ?? (() => 1_700_000_000_123.5),
    random:
      replaced.random ??
      ((view) => {
        view.forEach((_, index) => {
          seed = (seed * 1_103_515_245 + 12_345) >>> 0;
          view[index] = seed >>> 16;
        });
      }),
    ...(replaced.delay === undefined ? {} : { delay: replaced.delay }),
    limits: { ...DEFAULT_LIMITS, ...replaced.limits },
  };
  return { services, lines };
}

/** The incoming request of most tests. */
export function testRequest(replaced: Partial<IncomingRequest> = {}): IncomingRequest {
  return {
    id: "request-1",
    method: "GET",
    path: "/a%20b?q=1",
    headers: [
      ["Host", "app.test:8080"],
      ["X-Tag", "one"],
      ["accept", "*/*"],
      ["x-tag", "two"],
      ["X-Empty", ""],
    ],
    body: new Uint8Array(0),
    ...replaced,
  };
}

/** A key-value store without quotas; answers later if asked to. */
export function mapNamespace(later = false): KeyValueNamespace {
  const values = new Map<string, Uint8Array>();
  const answer = <Value>(value: Value): Value | Promise<Value> => (later ? Promise.resolve(value) : value);
  const id = (key: Uint8Array) => Buffer.from(key).toString("hex");
  const write = (key: Uint8Array, value: Uint8Array) => {
    const absent = !values.has(id(key));
    values.set(id(key), value);
    return absent;
  };
  return {
    insert: (key, value) => answer(write(key, value)),
    upsert: (key, value) => answer(values.has(id(key)) ? false : write(key, value)),
    append: (key, value) =>
      answer(write(key, Buffer.concat([values.get(id(key)) ?? new Uint8Array(0), value]))),
    compareAndSet: (key, expected, value) => {
      const old = values.get(id(key));
      const same = old !== undefined && Buffer.compare(old, expected) === 0;
      if (same) write(key, value);
      return answer(same);
    },
    increment: (key, delta) => {
      const number = decimalOf(values.get(id(key)) ?? Buffer.from("0"));
      const sum = number === undefined ? undefined : addDecimals(number, delta);
      if (sum !== undefined) write(key, Buffer.from(String(sum)));
      return answer(sum);
    },
    get: (key) => answer(values.get(id(key))),
    remove: (key) => answer(values.delete(id(key))),
    list: () => answer([]),
    usage: () => answer({ keys: values.size, bytes: 0 }),
  };
}
