// poll_oneoff: sleeping, and asking whether a stream is ready (it always is).
import type { Later, CallContext } from "../call-context.ts";
import { viewBytes, writeU32 } from "../memory/guest-memory.ts";
import { chargeWork, ELEMENT_UNITS } from "../host-work.ts";
import { timerDelay, untilEnded, whenDone } from "../waiting.ts";
import { ERRNO } from "./errno.ts";
import { clockNs, isClock } from "./process.ts";
import { isStream } from "./streams.ts";

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const MAX_SUBSCRIPTIONS = 1024;
const EVENT_CLOCK = 0;
const EVENT_WRITE = 2;
const FLAG_ABSOLUTE = 1;
const NS_PER_MS = 1_000_000n;
/** Longest single timer; longer sleeps end with the run's wall limit anyway. */
const MAX_DELAY_MS = 600_000;

/** One thing to wait for; `delayNs` 0 means that it is already there. */
interface Subscription {
  readonly userdata: bigint;
  readonly type: number;
  readonly errno: number;
  readonly delayNs: bigint;
}

export const POLL_CALLS = {
  poll_oneoff(
    run: CallContext,
    subscriptionsPtr: number,
    eventsPtr: number,
    count: number,
    eventsOut: number,
  ): number | Later<number> {
    const length = count >>> 0;
    if (length === 0 || length > MAX_SUBSCRIPTIONS) return ERRNO.invalid;
    const subscriptions = readSubscriptions(run, subscriptionsPtr, length);
    const delayNs = subscriptions.reduce(
      (least, { delayNs }) => (delayNs < least ? delayNs : least),
      subscriptions[0]?.delayNs ?? 0n,
    );
    const due = subscriptions.filter((subscription) => subscription.delayNs === delayNs);
    return whenDone(run, delayNs === 0n ? undefined : sleep(run, delayNs), () =>
      report(run, due, eventsPtr, eventsOut),
    );
  },
};

function sleep(run: CallContext, delayNs: bigint): Promise<void> {
  const ms = Math.min(Number((delayNs + NS_PER_MS - 1n) / NS_PER_MS), MAX_DELAY_MS);
  const delay = run.state.services.delay ?? timerDelay;
  return untilEnded(run.signal, delay(ms, run.signal));
}

function readSubscriptions(run: CallContext, address: number, length: number): Subscription[] {
  const bytes = viewBytes(run, address, length * SUBSCRIPTION_BYTES, "the subscriptions");
  chargeWork(run, length * ELEMENT_UNITS);
  return Array.from({ length }, (_, index) =>
    readSubscription(
      run,
      new DataView(bytes.buffer, bytes.byteOffset + index * SUBSCRIPTION_BYTES, SUBSCRIPTION_BYTES),
    ),
  );
}

function readSubscription(run: CallContext, view: DataView): Subscription {
  const userdata = view.getBigUint64(0, true);
  const type = view.getUint8(8);
  if (type === EVENT_CLOCK) return clockSubscription(run, view, userdata);
  if (type > EVENT_WRITE) return { userdata, type, errno: ERRNO.invalid, delayNs: 0n };
  return {
    userdata,
    type,
    errno: isStream(view.getInt32(16, true)) ? ERRNO.success : ERRNO.badFileDescriptor,
    delayNs: 0n,
  };
}

function clockSubscription(run: CallContext, view: DataView, userdata: bigint): Subscription {
  const clock = view.getUint32(16, true);
  const timeout = view.getBigUint64(24, true);
  const absolute = (view.getUint16(40, true) & FLAG_ABSOLUTE) !== 0;
  if (!isClock(clock)) return { userdata, type: EVENT_CLOCK, errno: ERRNO.invalid, delayNs: 0n };
  const delayNs = absolute ? timeout - clockNs(run, clock) : timeout;
  return { userdata, type: EVENT_CLOCK, errno: ERRNO.success, delayNs: delayNs < 0n ? 0n : delayNs };
}

function report(
  run: CallContext,
  due: readonly Subscription[],
  eventsPtr: number,
  eventsOut: number,
): number {
  const bytes = viewBytes(run, eventsPtr, due.length * EVENT_BYTES, "the buffer for the events");
  bytes.fill(0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  due.forEach(({ userdata, type, errno }, index) => {
    view.setBigUint64(index * EVENT_BYTES, userdata, true);
    view.setUint16(index * EVENT_BYTES + 8, errno, true);
    view.setUint8(index * EVENT_BYTES + 10, type);
  });
  writeU32(run, eventsOut, due.length, "the out-parameter for the count");
  return ERRNO.success;
}
