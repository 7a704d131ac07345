import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { EdgeSandbox } from "../../sandbox/edge-sandbox.ts";
import { ownCode } from "../own-code.ts";
import { SpareEdge } from "./spare-edge.ts";

const HOUSING = { execArgv: [], sandbox: null, surroundings: { readable: [], writable: [] } };
const runDir = mkdtempSync(join(tmpdir(), "terrarium-spare-"));
afterAll(() => rmSync(runDir, { recursive: true, force: true }));

test("the spare becomes an edge once; the next edge is forked", async () => {
  const spare = new SpareEdge(HOUSING, runDir, 0);
  spare.want();
  await expect.poll(() => spare.pid).toBeDefined();
  const pid = spare.pid;
  const [first, second] = [spare.take(), spare.take()];
  expect([first.pid, spare.pid]).toEqual([pid, undefined]);
  expect(second.pid).not.toBe(pid);
  for (const child of [first, second]) child.kill();
});

test("a spare that died is not used", async () => {
  const spare = new SpareEdge(HOUSING, runDir, 0);
  spare.want();
  await expect.poll(() => spare.pid).toBeDefined();
  const dead = spare.pid ?? 0;
  process.kill(dead, "SIGKILL");
  await expect.poll(() => spare.pid).toBeUndefined();
  const child = spare.take();
  expect(child.pid).not.toBe(dead);
  child.kill();
});

test("an edge that is killed while its sandbox is made leaves no process", async () => {
  const sandbox = await EdgeSandbox.find(process.env["PATH"] ?? "");
  if (!(sandbox instanceof EdgeSandbox)) return;
  const spare = new SpareEdge(
    { ...HOUSING, sandbox, surroundings: { readable: ownCode(), writable: [] } },
    runDir,
    0,
  );
  for (let delayMs = 0; delayMs < 24; delayMs += 2) {
    const edge = spare.take();
    const ended = new Promise((resolve) => edge.onEnd(resolve));
    await sleep(delayMs);
    edge.kill();
    await ended;
  }
  await expect.poll(() => sandboxesOf(runDir), { timeout: 5000 }).toEqual([]);
});

/** Process ids of sandboxes that have a folder below this one. */
function sandboxesOf(folder: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder);
    } catch {
      return false;
    }
  });
}

test("closing ends the spare and starts no other, and a spare without a supervisor exits", async () => {
  const spare = new SpareEdge(HOUSING, runDir, 0);
  const orphan = spare.take();
  const reason = new Promise((resolve) => orphan.onEnd(resolve));
  orphan.disconnect();
  expect(await reason).toBe("SIGKILL");
  spare.want();
  await expect.poll(() => spare.pid).toBeDefined();
  spare.close();
  spare.want();
  expect(spare.pid).toBeUndefined();
});
