// How hostcalls wait: not at all if the result is there, otherwise until it arrives or the run ends.
import type { Awaitable } from "../store/types.ts";
import type { Later, CallContext } from "./call-context.ts";
import { RunEnded } from "./call-errors.ts";

/** Continues with the value now if it is there, otherwise in the guest's turn once it is. */
export function whenDone<Value, Result>(
  run: CallContext,
  value: Awaitable<Value>,
  goOn: (value: Value) => Result,
): Result | Later<Result> {
  if (!(value instanceof Promise)) return goOn(value);
  return untilEnded(run.signal, value).then((done) => goOn.bind(null, done));
}

/**
 * The promise's outcome, or RunEnded as soon as the signal ends; then nothing waits for the promise any more.
 */
export function untilEnded<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new RunEnded());
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
  });
}

/** Resolves when the event loop has turned once, so that sockets and other guests have had their turn. */
export function oneTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A timer that the signal ends. */
export function timerDelay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(new RunEnded());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", end);
      resolve();
    }, ms);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
  });
}
