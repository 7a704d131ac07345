import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DeploymentId, DeploymentRecord, Store } from "../../store/types.ts";
import { Expiry } from "./expiry.ts";

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

/** A store that knows records' expiry and can fail. */
function storeOf(records: Map<string, number | null>, fail: () => boolean = () => false) {
  const deployments = {
    list: () => [...records].map(([id, expiresAtMs]) => ({ id, expiresAtMs }) as DeploymentRecord),
    sweep: (nowMs: number) => {
      if (fail()) throw new Error("the store is away");
      const due = [...records]
        .filter(([, atMs]) => atMs !== null && atMs <= nowMs)
        .map(([id]) => id as DeploymentId);
      for (const id of due) records.delete(id);
      return due;
    },
  };
  return { deployments } as unknown as Store;
}

test("each deployment is removed when it expires, in whatever order they were announced", async () => {
  const gone: [string, number][] = [];
  const records = new Map<string, number | null>([["old", 5000]]);
  const expiry = new Expiry({
    store: storeOf(records),
    now: Date.now,
    onExpired: (ids) => ids.forEach((id) => gone.push([id, Date.now()])),
    onError: () => {},
  });
  await expiry.start();
  records.set("new", 1000).set("forever", null);
  expiry.note(1000);
  expiry.note(null);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(gone).toEqual([
    ["new", 1000],
    ["old", 5000],
  ]);
  expect([...records.keys()]).toEqual(["forever"]);
  expiry.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test("a store that fails is tried again within a second", async () => {
  let away = false;
  const gone: number[] = [];
  const errors: unknown[] = [];
  const store = storeOf(new Map([["a", 1000]]), () => away);
  const expiry = new Expiry({
    store,
    now: Date.now,
    onExpired: () => gone.push(Date.now()),
    onError: (error) => errors.push(error),
  });
  await expiry.start();
  away = true;
  await vi.advanceTimersByTimeAsync(1100);
  away = false;
  await vi.advanceTimersByTimeAsync(900);
  expect(errors.length).toBeGreaterThan(0);
  expect(gone).toHaveLength(1);
  expiry.stop();
});

test("a record written by another process is found within a minute", async () => {
  const records = new Map<string, number | null>();
  const gone: number[] = [];
  const expiry = new Expiry({
    store: storeOf(records),
    now: Date.now,
    onExpired: () => gone.push(Date.now()),
    onError: () => {},
  });
  await expiry.start();
  records.set("foreign", 10);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(gone).toHaveLength(1);
  expiry.stop();
});
