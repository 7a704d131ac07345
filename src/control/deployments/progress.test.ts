import { expect, test } from "vitest";
import type { DeploymentRecord } from "../../store/types.ts";
import { Progress, type DeployEvent } from "./progress.ts";

const record = {} as DeploymentRecord;

test("every listener gets all events from the first, each phase with its time, and an end", async () => {
  let now = 100;
  const progress = new Progress(() => now);
  const early = collect(progress);
  progress.begin("compile", "Compiling");
  now = 130;
  progress.begin("compile", "still compiling");
  progress.add({ event: "output", text: "warning" });
  now = 140;
  progress.begin("check", "Checking");
  progress.add({ event: "live", record });
  const late = await collect(progress);
  expect(late.map(({ event, atMs }) => [event, atMs])).toEqual([
    ["phase", 0],
    ["output", 30],
    ["phase-end", 40],
    ["phase", 40],
    ["phase-end", 40],
    ["live", 40],
  ]);
  expect(late[2]).toMatchObject({ phase: "compile", ms: 40 });
  expect(await early).toEqual(late);
});

test("a listener that leaves stops waiting", async () => {
  const progress = new Progress(() => 0);
  const abort = new AbortController();
  const events = collect(progress, abort.signal);
  abort.abort();
  expect(await events).toEqual([]);
});

test("each queue position is reported, and the time in the queue counts as one phase", async () => {
  let now = 0;
  const progress = new Progress(() => now);
  progress.begin("queue", "queue position 2");
  now = 10;
  progress.begin("queue", "queue position 1");
  progress.begin("queue", "queue position 1");
  now = 30;
  progress.add({ event: "live", record });
  const events = await collect(progress);
  expect(
    events.map((event) => ("label" in event ? event.label : "ms" in event ? event.ms : event.event)),
  ).toEqual(["queue position 2", "queue position 1", 30, "live"]);
});

async function collect(progress: Progress, signal?: AbortSignal): Promise<DeployEvent[]> {
  return await Array.fromAsync(progress.events(signal));
}
