// Stands in for asc's own ~lib/bindings/dom, whose functions would be imports that no program of this platform may have:
// the standard library's console, Date, performance and crypto stand on hostcalls instead.
import { NativeMath } from "../math";
import { debug as line } from "../http_guest/debug";
import { rng_next_u64 } from "../http_guest/random";
import { Time } from "../http_guest/time";

export { NativeMath as Math };

export namespace console {
  export function assert(condition: bool, message: string): void {
    if (!condition) line("Assertion failed: " + message);
  }
  export function log(message: string): void {
    line(message);
  }
  export function debug(message: string): void {
    line(message);
  }
  export function info(message: string): void {
    line(message);
  }
  export function warn(message: string): void {
    line(message);
  }
  export function error(message: string): void {
    line(message);
  }
  export function time(label: string): void {
    timers.set(label, performance.now());
  }
  export function timeLog(label: string): void {
    if (timers.has(label)) line(label + ": " + (performance.now() - timers.get(label)).toString() + " ms");
  }
  export function timeEnd(label: string): void {
    timeLog(label);
    timers.delete(label);
  }
}

// @ts-ignore: decorator
@lazy const timers = new Map<string, f64>();

export namespace Date {
  export function now(): f64 {
    return NativeMath.floor(performance.now());
  }
}

export namespace performance {
  /** Milliseconds since the Unix epoch: the platform has no other clock for programs without WASI. */
  export function now(): f64 {
    const time = Time.now();
    return <f64>time.seconds * 1000 + <f64>time.subsec_nanos / 1000000;
  }
}

export namespace crypto {
  export function getRandomValues(array: Uint8Array): void {
    for (let i = 0; i < array.length; i++) array[i] = <u8>rng_next_u64();
  }
}
