import { expect, test } from "vitest";
import type { DeploymentId, LogEvent, Store, StoredLogEvent } from "../types.ts";
import { type MakeStore, useStore } from "./bench.ts";
import { deploy, newId } from "./fixtures.ts";

const line = (text: string, atMs = 1): LogEvent => ({ atMs, source: "debug", request: null, text });

export function describeLogs(make: MakeStore, maxLogBytes: number): void {
  const bench = useStore(make);
  const read = async (id: DeploymentId, after = 0, store: Store = bench.store): Promise<StoredLogEvent[]> =>
    store.logs.read(id, { after, limit: 100_000 });

  test("events come back as they were, in order, with offsets from 1", async () => {
    const id = await deploy(bench.store);
    const events: LogEvent[] = [
      { atMs: 5, source: "build", request: null, text: "" },
      {
        atMs: 3,
        source: "stderr",
        request: "request-1",
        text: "NUL \u0000, ESC \u001b[31m, emoji 🌱, two\nlines",
      },
    ];
    await bench.store.logs.append(id, events);
    await bench.other.logs.append(id, [line("from another process")]);
    const expected = [...events, line("from another process")].map((event, index) => ({
      offset: index + 1,
      ...event,
    }));
    expect(await read(id)).toEqual(expected);
    expect(await read(id, 0, bench.other)).toEqual(expected);
  });

  test("a reader goes on after the offset it has seen, in steps of any size, or from a time on", async () => {
    const id = await deploy(bench.store);
    await bench.store.logs.append(
      id,
      Array.from({ length: 10 }, (_, index) => line(`line ${index}`, index * 100)),
    );
    expect((await bench.store.logs.read(id, { limit: 4 })).map((event) => event.offset)).toEqual([
      1, 2, 3, 4,
    ]);
    expect((await bench.store.logs.read(id, { after: 4, limit: 4 })).map((event) => event.offset)).toEqual([
      5, 6, 7, 8,
    ]);
    expect((await bench.store.logs.read(id, { after: 8, limit: 4 })).map((event) => event.offset)).toEqual([
      9, 10,
    ]);
    expect(await bench.store.logs.read(id, { after: 10, limit: 4 })).toEqual([]);
    expect(
      (await bench.store.logs.read(id, { sinceMs: 700, limit: 100 })).map((event) => event.text),
    ).toEqual(["line 7", "line 8", "line 9"]);
  });

  test("beyond its bound the log drops the oldest, and the gap in the offsets tells how many", async () => {
    const id = await deploy(bench.store);
    const count = 4 * Math.ceil(maxLogBytes / 1000);
    for (let index = 0; index < count; index++)
      await bench.store.logs.append(id, [line(`${index} ${"x".repeat(1000)}`)]);
    const events = await read(id);
    expect(events.at(-1)?.offset).toBe(count);
    expect(events.map((event) => event.offset)).toEqual(
      Array.from({ length: events.length }, (_, index) => count - events.length + 1 + index),
    );
    expect(events.reduce((sum, event) => sum + event.text.length, 0)).toBeLessThanOrEqual(maxLogBytes);
    expect(events.length).toBeGreaterThan(maxLogBytes / 1000 / 2);
    const [first] = await bench.store.logs.read(id, { after: 3, limit: 1 });
    expect(first?.offset).toBe(count - events.length + 1);
  });

  test("one event larger than the whole log is cut between characters, not lost", async () => {
    const id = await deploy(bench.store);
    await bench.store.logs.append(id, [line("before"), line("🌱".repeat(maxLogBytes))]);
    const [event, ...others] = await read(id);
    expect(others).toEqual([]);
    expect(event?.text).toMatch(/^(?:🌱)+$/u);
    expect(Buffer.byteLength(event?.text ?? "")).toBeLessThanOrEqual(maxLogBytes);
  });

  test("a deployment that is gone has no log and takes none", async () => {
    const expired = await deploy(bench.store, { expiresAtMs: bench.clock.nowMs + 10 });
    await bench.store.logs.append(expired, [line("alive")]);
    bench.clock.nowMs += 10;
    for (const id of [expired, newId()]) {
      await bench.store.logs.append(id, [line("too late")]);
      expect(await read(id)).toEqual([]);
    }
  });
}
