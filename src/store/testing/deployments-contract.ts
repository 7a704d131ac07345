import { expect, test } from "vitest";
import type { DeploymentId } from "../types.ts";
import { type MakeStore, useStore } from "./bench.ts";
import { digestOf } from "../digest.ts";
import { bytes, codeOf, deploy, manifestFor, newId, QUOTA, recordFor } from "./fixtures.ts";

export function describeDeployments(make: MakeStore): void {
  const bench = useStore(make);

  test("a record comes back as it was written, from every opening", async () => {
    const record = recordFor(newId(), { name: "naïve \u0000 name", expiresAtMs: bench.clock.nowMs + 1 });
    expect(await bench.store.deployments.create(record)).toBe(true);
    expect(await bench.store.deployments.get(record.id)).toEqual(record);
    expect(await bench.other.deployments.get(record.id)).toEqual(record);
  });

  test("an id is taken once, whoever asks, and the first record stays", async () => {
    const id = await deploy(bench.store, { name: "first" });
    expect(await bench.store.deployments.create(recordFor(id, { name: "second" }))).toBe(false);
    expect(await bench.other.deployments.create(recordFor(id, { name: "third" }))).toBe(false);
    expect((await bench.store.deployments.get(id))?.name).toBe("first");
  });

  test("an id stays taken after a removal and after expiry", async () => {
    const removed = await deploy(bench.store);
    await bench.store.deployments.remove(removed);
    const expired = await deploy(bench.store, { expiresAtMs: bench.clock.nowMs });
    expect(await bench.other.deployments.create(recordFor(removed))).toBe(false);
    expect(await bench.other.deployments.create(recordFor(expired))).toBe(false);
    await bench.store.deployments.sweep(bench.clock.nowMs);
    expect(await bench.other.deployments.create(recordFor(expired))).toBe(false);
    expect(await bench.store.deployments.get(removed)).toBeUndefined();
    expect(await bench.store.deployments.get(expired)).toBeUndefined();
  });

  test("an id that is no DNS label is refused, since it names hosts and files", async () => {
    for (const id of ["", "../evil", "a/b", "A", "-a", "a-", "a.b", "a\u0000", "a".repeat(64)]) {
      expect(await codeOf(() => bench.store.deployments.create(recordFor(id as DeploymentId))), id).toBe(
        "TER_INTERNAL",
      );
    }
  });

  test("an update changes what it names, null included, and nothing else", async () => {
    const record = recordFor(newId(), { expiresAtMs: bench.clock.nowMs + 1000, errorCode: "TER_X" });
    await bench.store.deployments.create(record);
    expect(
      await bench.store.deployments.update(record.id, { phase: "live", expiresAtMs: null, errorCode: null }),
    ).toBe(true);
    expect(await bench.other.deployments.get(record.id)).toEqual({
      ...record,
      phase: "live",
      expiresAtMs: null,
      errorCode: null,
    });
    expect(await bench.store.deployments.update(record.id, {})).toBe(true);
  });

  test("a deployment that is gone cannot be updated: nobody revives it", async () => {
    const removed = await deploy(bench.store);
    await bench.store.deployments.remove(removed);
    const expired = await deploy(bench.store, { expiresAtMs: bench.clock.nowMs });
    for (const id of [removed, expired, newId()]) {
      expect(await bench.store.deployments.update(id, { expiresAtMs: null })).toBe(false);
      expect(await bench.store.deployments.update(id, {})).toBe(false);
      expect(await bench.store.deployments.get(id)).toBeUndefined();
    }
  });

  test("no read returns a record from the millisecond on at which it expires", async () => {
    const id = await deploy(bench.store, { expiresAtMs: bench.clock.nowMs + 1000 });
    bench.clock.nowMs += 999;
    expect((await bench.store.deployments.get(id))?.id).toBe(id);
    expect((await bench.store.deployments.list()).map((record) => record.id)).toContain(id);
    bench.clock.nowMs += 1;
    expect(await bench.store.deployments.get(id)).toBeUndefined();
    expect((await bench.store.deployments.list()).map((record) => record.id)).not.toContain(id);
  });

  test("the list is in order of creation", async () => {
    const late = await deploy(bench.store, { createdAtMs: 30 });
    const early = await deploy(bench.store, { createdAtMs: 10 });
    const middle = await deploy(bench.store, { createdAtMs: 20 });
    const ids = (await bench.store.deployments.list())
      .map((record) => record.id)
      .filter((id) => [late, early, middle].includes(id));
    expect(ids).toEqual([early, middle, late]);
  });

  test("a sweep removes what expired, says which, and leaves the rest", async () => {
    const nowMs = bench.clock.nowMs;
    const expired = await Promise.all(
      Array.from({ length: 150 }, () => deploy(bench.store, { expiresAtMs: nowMs })),
    );
    const later = await deploy(bench.store, { expiresAtMs: nowMs + 1 });
    const lasting = await deploy(bench.store);
    const swept = await bench.store.deployments.sweep(nowMs);
    expect(swept.filter((id) => expired.includes(id)).sort()).toEqual(expired.sort());
    expect(swept).not.toContain(later);
    expect(await bench.store.deployments.sweep(nowMs)).toEqual([]);
    expect(await bench.store.deployments.get(later)).toBeDefined();
    expect(await bench.store.deployments.get(lasting)).toBeDefined();
  });

  test("a removal is told once to every listener of every opening, until it ends", async () => {
    const id = await deploy(bench.store);
    const here: DeploymentId[] = [];
    const told = Promise.withResolvers<DeploymentId>();
    const endHere = bench.store.deployments.onRemoved((gone) => void here.push(gone));
    const endThere = bench.other.deployments.onRemoved((gone) => gone === id && told.resolve(gone));
    expect(await bench.store.deployments.remove(id)).toBe(true);
    expect(await bench.store.deployments.remove(id)).toBe(false);
    expect(await told.promise).toBe(id);
    expect(here).toEqual([id]);
    endHere();
    endThere();
    await bench.store.deployments.remove(await deploy(bench.store));
    expect(here).toEqual([id]);
  });

  test("a sweep tells its removals as well", async () => {
    const id = await deploy(bench.other, { expiresAtMs: bench.clock.nowMs });
    const told = Promise.withResolvers<void>();
    const end = bench.store.deployments.onRemoved((gone) => gone === id && told.resolve());
    await bench.other.deployments.sweep(bench.clock.nowMs);
    await told.promise;
    end();
  });

  test("a removal takes artifact, key-value data and logs along", async () => {
    const id = await deploy(bench.store);
    const blobs = ["module", "map", "original"].map((name) => bytes(`${name} of ${id}`));
    await bench.store.artifacts.put(id, manifestFor(blobs), blobs);
    const before = bench.other.keyValue.open(id, QUOTA);
    await before.insert(bytes("key"), bytes("value"));
    await bench.store.logs.append(id, [{ atMs: 1, source: "debug", request: null, text: "line" }]);
    await bench.store.deployments.remove(id);
    expect(await bench.other.artifacts.get(id)).toBeUndefined();
    for (const blob of blobs) expect(await bench.other.artifacts.blob(digestOf(blob))).toBeUndefined();
    expect(await bench.other.logs.read(id, { limit: 10 })).toEqual([]);
    expect(await codeOf(() => bench.other.keyValue.open(id, QUOTA).get(bytes("key")))).toBe("TER_NOT_FOUND");
    expect(
      await codeOf(() => bench.other.keyValue.open(id, QUOTA).insert(bytes("key"), bytes("value"))),
    ).toBe("TER_NOT_FOUND");
  });
}
