import { once } from "node:events";
import { expect, test } from "vitest";
import { SpareEdge } from "./spare-edge.ts";

test("the spare becomes an edge once; the next edge is forked", async () => {
  const spare = new SpareEdge([], 0);
  spare.want();
  await expect.poll(() => spare.pid).toBeDefined();
  const pid = spare.pid;
  const [first, second] = [spare.take(), spare.take()];
  expect([first.pid, spare.pid]).toEqual([pid, undefined]);
  expect(second.pid).not.toBe(pid);
  for (const child of [first, second]) child.kill("SIGKILL");
});

test("a spare that died is not used", async () => {
  const spare = new SpareEdge([], 0);
  spare.want();
  await expect.poll(() => spare.pid).toBeDefined();
  const dead = spare.pid ?? 0;
  process.kill(dead, "SIGKILL");
  await expect.poll(() => spare.pid).toBeUndefined();
  const child = spare.take();
  expect(child.pid).not.toBe(dead);
  child.kill("SIGKILL");
});

test("closing ends the spare and starts no other, and a spare without a supervisor exits", async () => {
  const spare = new SpareEdge([], 0);
  const orphan = spare.take();
  orphan.disconnect();
  expect(await once(orphan, "exit")).toEqual([null, "SIGKILL"]);
  spare.want();
  await expect.poll(() => spare.pid).toBeDefined();
  spare.close();
  spare.want();
  expect(spare.pid).toBeUndefined();
});
