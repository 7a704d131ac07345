import { expect, test } from "vitest";
import type { DeploymentId, LogEvent, LogStore } from "../../store/types.ts";
import { GuestLogs } from "./guest-logs.ts";

const ID = "noisy" as DeploymentId;
const line = (text: string): LogEvent => ({ atMs: 1, source: "debug", request: "r", text });

/** A store that keeps what it gets, batch by batch. */
function memoryLog() {
  const batches: (readonly LogEvent[])[] = [];
  const store: LogStore = { append: (_id, events) => void batches.push(events), read: () => [] };
  return { logs: new GuestLogs(store), batches };
}

test("lines reach the store in order, in steps that let others be served", async () => {
  const { logs, batches } = memoryLog();
  for (let index = 0; index < 1000; index += 1) logs.add(ID, line(String(index)));
  await logs.flush();
  const texts = Array.from({ length: 1000 }, (_, index) => String(index));
  expect(batches.flat().map(({ text }) => text)).toEqual(texts);
  expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(128);
});

test("a deployment that logs endlessly keeps its first lines, and a note counts the others", async () => {
  const { logs, batches } = memoryLog();
  for (let index = 0; index < 10_000; index += 1) logs.add(ID, line(""));
  logs.add("quiet" as DeploymentId, line("still here"));
  await logs.flush();
  expect(batches.flat()).toHaveLength(4098);
  expect(batches.flat()[4096]?.text).toMatch(/^5904 log lines dropped/);
  expect(batches.flat().at(-1)?.text).toBe("still here");
});
