import { expect, test } from "vitest";
import type { StoredLogEvent } from "../../store/types.ts";
import { inOrderOfTime, LogOrder, SETTLED_MS } from "./log-order.ts";

const event = (offset: number, atMs: number): StoredLogEvent => ({
  offset,
  atMs,
  source: "debug",
  request: null,
  text: "",
});
const offsetsOf = (events: readonly StoredLogEvent[]) => events.map(({ offset }) => offset);

test("two edges' batches become one order of time", () => {
  const stored = [event(1, 10), event(2, 30), event(3, 20), event(4, 40)];
  expect(offsetsOf(inOrderOfTime(stored))).toEqual([1, 3, 2, 4]);
});

test("events of one moment keep the order in which they were stored", () => {
  expect(offsetsOf(inOrderOfTime([event(1, 5), event(2, 5), event(3, 5)]))).toEqual([1, 2, 3]);
});

test("an event waits until no earlier one can arrive", () => {
  const order = new LogOrder(0);
  order.add([event(1, 1000)]);
  expect(order.take(1000 + SETTLED_MS - 1)).toEqual([]);
  order.add([event(2, 990)]);
  expect(order.take(1000 + SETTLED_MS).map((one) => one.event.offset)).toEqual([2, 1]);
  expect(order.isEmpty).toBe(true);
});

test("a reader who resumes after any event misses none", () => {
  const order = new LogOrder(4);
  order.add([event(5, 30), event(6, 10), event(7, 20), event(8, 10_000)]);
  const taken = order.take(1000);
  expect(taken.map(({ event: { offset }, resumeAfter }) => [offset, resumeAfter])).toEqual([
    [6, 4],
    [7, 4],
    [5, 7],
  ]);
});
