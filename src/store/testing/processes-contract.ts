import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DeploymentId } from "../types.ts";
import type { ChildTask } from "./child.ts";
import { Child } from "./children.ts";
import { type MakeStore, useStore } from "./bench.ts";
import { bytes, deploy, newId, QUOTA, text } from "./fixtures.ts";

const PROCESSES = 4;
const APPENDS = 10_000;

export function describeSeveralProcesses(make: MakeStore): void {
  const bench = useStore(make);
  const children: Child[] = [];
  let folder = "";
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "terrarium-notes-"))));
  afterAll(() => {
    for (const child of children) child.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const start = (task: Omit<ChildTask, "location" | "notes">): Child => {
    const child = new Child({
      ...task,
      location: bench.location,
      notes: join(folder, `${task.id}-${task.name}`),
    });
    children.push(child);
    return child;
  };
  const shared = async (id: DeploymentId): Promise<string> =>
    text(await bench.store.keyValue.open(id, QUOTA).get(bytes("shared"))) ?? "";

  test(
    "4 processes append 10,000 times each to one key, one is killed and started " +
      "anew: no acknowledged append is lost, none is doubled or out of order",
    async () => {
      const id = await deploy(bench.store);
      const names = Array.from({ length: PROCESSES }, (_, index) => `p${index}`);
      const steady = names
        .slice(1)
        .map((name) => start({ kind: "append", id, name, from: 0, times: APPENDS }));
      const victim = start({ kind: "append", id, name: "p0", from: 0, times: APPENDS });
      await victim.killAfter(APPENDS / 3);
      const acknowledged = victim.notes().length;
      // The write during which it was killed may or may not have happened; the next run continues after it.
      const heir = start({
        kind: "append",
        id,
        name: "p0",
        from: acknowledged + 1,
        times: APPENDS - acknowledged - 1,
      });
      await Promise.all([...steady, heir].map((child) => child.finish()));
      const all = Array.from({ length: APPENDS }, (_, index) => index);
      const seen = Map.groupBy((await shared(id)).split(";").slice(0, -1), (token) => token.slice(0, 2));
      for (const name of names.slice(1))
        expect(seen.get(name)?.map((token) => Number(token.slice(3)))).toEqual(all);
      const ofVictim = seen.get("p0")?.map((token) => Number(token.slice(3))) ?? [];
      expect(ofVictim.filter((index) => index !== acknowledged)).toEqual(
        all.filter((index) => index !== acknowledged),
      );
      const value = await shared(id);
      expect(await bench.store.keyValue.open(id, QUOTA).usage()).toEqual({
        keys: 1,
        bytes: "shared".length + value.length,
      });
    },
    120_000,
  );

  test("a writer killed again and again keeps every acknowledged append and an exact count", async () => {
    const id = await deploy(bench.store);
    let from = 0;
    const acknowledged: number[] = [];
    for (let life = 0; life < 5; life++) {
      const child = start({ kind: "append", id, name: `k${life}`, from, times: 1_000_000 });
      await child.killAfter(50 * (life + 1));
      acknowledged.push(child.notes().length);
      from += 1_000_000;
    }
    const value = await shared(id);
    const seen = Map.groupBy(value.split(";").slice(0, -1), (token) => token.split(":")[0]);
    acknowledged.forEach((count, life) => {
      const tokens =
        seen.get(`k${life}`)?.map((token) => Number(token.split(":")[1]) - life * 1_000_000) ?? [];
      expect(tokens).toEqual(Array.from({ length: tokens.length }, (_, index) => index));
      expect(tokens.length - count).toBeOneOf([0, 1]);
    });
    expect(await bench.store.keyValue.open(id, QUOTA).usage()).toEqual({
      keys: 1,
      bytes: "shared".length + value.length,
    });
  }, 60_000);

  test("of processes that upsert the same keys exactly one wins each", async () => {
    const id = await deploy(bench.store);
    const racers = Array.from({ length: 3 }, (_, index) =>
      start({ kind: "count", id, name: `r${index}`, from: 0, times: 1000 }),
    );
    await Promise.all(racers.map((racer) => racer.finish()));
    const won = racers.flatMap((racer) =>
      racer
        .notes()
        .filter((note) => note !== "")
        .map(Number),
    );
    expect(won.sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
  }, 60_000);

  test("a value that another process replaces is read whole, old or new, never a mixture", async () => {
    const id = await deploy(bench.store);
    const writer = start({ kind: "flip", id, name: "flip", from: 0, times: 1500 });
    const kv = bench.store.keyValue.open(id, QUOTA);
    const seen = new Set<string>();
    while (writer.isRunning) {
      const value = text(await kv.get(bytes("flip"))) ?? "";
      seen.add(`${value.length}${value.replaceAll(value[0] ?? "", "") === "" ? value[0] : " mixed"}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writer.finish();
    const whole = ["5000a", "8000a", "9000b", "12000b"];
    expect([...seen].filter((each) => each !== "0undefined" && !whole.includes(each))).toEqual([]);
    expect(seen.size).toBeGreaterThan(2);
  }, 60_000);

  test("processes share one log: offsets are unique, and each writer's events are in order", async () => {
    const id = await deploy(bench.store);
    const writers = Array.from({ length: 3 }, (_, index) =>
      start({ kind: "log", id, name: `w${index}`, from: 0, times: 300 }),
    );
    await Promise.all(writers.map((writer) => writer.finish()));
    const events = await bench.store.logs.read(id, { limit: 10_000 });
    expect(events.map((event) => event.offset)).toEqual(Array.from({ length: 900 }, (_, index) => index + 1));
    for (const name of ["w0", "w1", "w2"]) {
      const texts = events.filter((event) => event.request === name).map((event) => Number(event.text));
      expect(texts).toEqual(Array.from({ length: 300 }, (_, index) => index));
    }
  }, 60_000);

  test("removals of another process are told here, even of one that is killed right after", async () => {
    const name = newId();
    const told = new Set<string>();
    const enough = Promise.withResolvers<void>();
    const end = bench.store.deployments.onRemoved((id) => {
      told.add(id);
      if (told.size >= 20) enough.resolve();
    });
    const child = start({ kind: "churn", id: name, name, from: 0, times: 1_000_000 });
    await child.killAfter(20);
    await enough.promise;
    end();
    for (const id of child.notes().slice(0, 20)) expect(told).toContain(id);
  }, 60_000);
}
