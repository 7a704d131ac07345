import { expect, test } from "vitest";
import { digestOf } from "../digest.ts";
import type { AppRecord, DeploymentId } from "../types.ts";
import { type MakeStore, useStore } from "./bench.ts";
import { bytes, codeOf, deploy, newId, QUOTA, text } from "./fixtures.ts";

const KEEP_MS = 1000;
const HOLD_MS = 5000;

let lastNumber = 0;

function appFor(change: Partial<AppRecord> = {}): AppRecord {
  const number = ++lastNumber;
  return {
    name: `app-${number}`,
    storeId: newId(),
    tokenDigest: digestOf(`token of app ${number}`),
    source: "127.0.0.1",
    createdAtMs: 1_800_000_000_000,
    currentId: null,
    previousId: null,
    lastVersion: 0,
    switchNumber: 0,
    ...change,
  };
}

export function describeApps(make: MakeStore): void {
  const bench = useStore(make);
  const version = (app: AppRecord, number: number) =>
    deploy(bench.store, { app: app.name, version: number, phase: "live" });

  test("a record comes back as it was written, from every opening", async () => {
    const app = appFor();
    expect(await bench.store.apps.create(app)).toBe(true);
    expect(await bench.other.apps.get(app.name)).toEqual(app);
    expect(await bench.other.apps.list()).toEqual([app]);
    expect(await bench.other.apps.get("nobody")).toBeUndefined();
  });

  test("a name is taken once, whoever asks, and the first record stays", async () => {
    const app = appFor();
    await bench.store.apps.create(app);
    expect(await bench.other.apps.create(appFor({ name: app.name }))).toBe(false);
    expect(await bench.store.apps.get(app.name)).toEqual(app);
  });

  test("the id of a store is no deployment's, before and after", async () => {
    const taken = await deploy(bench.store);
    expect(await bench.store.apps.create(appFor({ storeId: taken }))).toBe(false);
    const app = appFor();
    await bench.store.apps.create(app);
    expect(await bench.store.apps.create(appFor({ storeId: app.storeId }))).toBe(false);
  });

  test("a name that is no DNS label is refused, since it names hosts", async () => {
    for (const name of ["", "a.b", "A", "-a", "a/b", "a".repeat(64)])
      expect(await codeOf(() => bench.store.apps.create(appFor({ name }))), name).toBe("TER_INTERNAL");
  });

  test("versions are counted", async () => {
    const app = appFor();
    await bench.store.apps.create(app);
    expect(await bench.store.apps.addVersion(app.name)).toBe(1);
    expect(await bench.other.apps.addVersion(app.name)).toBe(2);
    expect((await bench.store.apps.get(app.name))?.lastVersion).toBe(2);
    expect(await bench.store.apps.addVersion("nobody")).toBeUndefined();
  });

  test("a switch keeps the current version for ever and the one before for a while", async () => {
    const app = appFor();
    await bench.store.apps.create(app);
    const [first, second] = [await version(app, 1), await version(app, 2)];
    const before = await bench.store.apps.switchTo(app.name, first, KEEP_MS);
    const switched = await bench.other.apps.switchTo(app.name, second, KEEP_MS);
    expect(switched).toMatchObject({ currentId: second, previousId: first });
    expect(switched?.switchNumber).toBeGreaterThan(before?.switchNumber ?? 0);
    expect(await bench.store.apps.get(app.name)).toEqual(switched);
    expect((await bench.store.deployments.get(first))?.expiresAtMs).toBe(bench.clock.nowMs + KEEP_MS);
    expect((await bench.store.deployments.get(second))?.expiresAtMs).toBeNull();
    // Back, which keeps the first again.
    await bench.store.apps.switchTo(app.name, first, KEEP_MS);
    bench.clock.nowMs += KEEP_MS;
    expect(await bench.store.deployments.sweep(bench.clock.nowMs)).toEqual([second]);
    expect((await bench.store.deployments.get(first))?.expiresAtMs).toBeNull();
  });

  test("a switch to the current version changes nothing", async () => {
    const app = appFor();
    await bench.store.apps.create(app);
    const id = await version(app, 1);
    const once = await bench.store.apps.switchTo(app.name, id, KEEP_MS);
    expect(await bench.store.apps.switchTo(app.name, id, KEEP_MS)).toEqual(once);
    expect((await bench.store.deployments.get(id))?.expiresAtMs).toBeNull();
  });

  test("nothing but a live version of the app becomes its current one", async () => {
    const [app, other] = [appFor(), appFor()];
    await bench.store.apps.create(app);
    await bench.store.apps.create(other);
    const candidates: (readonly [string, DeploymentId])[] = [
      ["of another app", await version(other, 1)],
      ["of no app", await deploy(bench.store, { phase: "live" })],
      ["failed", await deploy(bench.store, { app: app.name, version: 1, phase: "failed" })],
      [
        "expired",
        await deploy(bench.store, {
          app: app.name,
          version: 2,
          phase: "live",
          expiresAtMs: bench.clock.nowMs,
        }),
      ],
      ["unknown", newId()],
    ];
    for (const [which, id] of candidates)
      expect(await bench.store.apps.switchTo(app.name, id, KEEP_MS), which).toBeUndefined();
    expect(await bench.store.apps.get(app.name)).toEqual(app);
  });

  test("an app has a store of its own, which its versions' ends leave alone", async () => {
    const app = appFor();
    await bench.store.apps.create(app);
    const id = await version(app, 1);
    await bench.store.keyValue.open(app.storeId, QUOTA).insert(bytes("key"), bytes("value"));
    await bench.store.deployments.remove(id);
    const reopened = bench.other.keyValue.open(app.storeId, QUOTA);
    expect(text(await reopened.get(bytes("key")))).toBe("value");
  });

  test("a name is held until somebody takes it", async () => {
    const app = appFor();
    await bench.store.apps.create(app);
    await bench.store.apps.remove(app.name, HOLD_MS);
    await bench.store.apps.create(appFor({ name: app.name }));
    expect(await bench.store.apps.heldFor(app.name)).toBeUndefined();
  });

  test("an app goes with its versions and its store, and its name is held for a while", async () => {
    const app = appFor();
    await bench.store.apps.create(app);
    const id = await version(app, 1);
    await bench.store.keyValue.open(app.storeId, QUOTA).insert(bytes("key"), bytes("value"));
    const before = await bench.store.apps.switchTo(app.name, id, KEEP_MS);
    expect(await bench.other.apps.remove(app.name, HOLD_MS)).toBeGreaterThan(before?.switchNumber ?? 0);
    expect(await bench.other.apps.remove(app.name, HOLD_MS)).toBeUndefined();
    expect(await bench.store.apps.get(app.name)).toBeUndefined();
    expect(await bench.store.deployments.get(id)).toBeUndefined();
    const reading = () => bench.store.keyValue.open(app.storeId, QUOTA).get(bytes("key"));
    expect(await codeOf(reading)).toBe("TER_NOT_FOUND");
    bench.clock.nowMs += HOLD_MS - 1;
    expect(await bench.store.apps.heldFor(app.name)).toBe(app.tokenDigest);
    bench.clock.nowMs += 1;
    expect(await bench.store.apps.heldFor(app.name)).toBeUndefined();
    const heir = appFor({ name: app.name });
    expect(await bench.store.apps.create(heir)).toBe(true);
    const inherited = bench.store.keyValue.open(heir.storeId, QUOTA);
    expect(await inherited.get(bytes("key"))).toBeUndefined();
  });
}
