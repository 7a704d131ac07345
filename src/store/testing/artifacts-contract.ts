import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { type MakeStore, useStore } from "./bench.ts";
import { digestOf } from "../digest.ts";
import { bytes, codeOf, deploy, manifestFor, newId } from "./fixtures.ts";

export function describeArtifacts(make: MakeStore): void {
  const bench = useStore(make);

  test("a manifest and its blobs come back, large and empty ones too", async () => {
    const id = await deploy(bench.store);
    const blobs = [
      randomBytes(3_000_000),
      new Uint8Array(),
      bytes("original"),
      bytes("asset"),
      randomBytes(70_000),
    ];
    const manifest = manifestFor(blobs);
    await bench.store.artifacts.put(id, manifest, blobs);
    expect(await bench.other.artifacts.get(id)).toEqual(manifest);
    for (const blob of blobs) {
      const found = await bench.other.artifacts.blob(digestOf(blob));
      expect(found !== undefined && Buffer.compare(found, blob) === 0).toBe(true);
    }
  });

  test("unknown ids and digests have nothing", async () => {
    expect(await bench.store.artifacts.get(newId())).toBeUndefined();
    expect(await bench.store.artifacts.get(await deploy(bench.store))).toBeUndefined();
    expect(await bench.store.artifacts.blob(digestOf(bytes("never put")))).toBeUndefined();
  });

  test("an artifact is invisible once its deployment has expired", async () => {
    const blobs = [bytes("1"), bytes("2"), bytes("3")];
    const id = await deploy(bench.store, { expiresAtMs: bench.clock.nowMs + 10 });
    await bench.store.artifacts.put(id, manifestFor(blobs), blobs);
    bench.clock.nowMs += 10;
    expect(await bench.store.artifacts.get(id)).toBeUndefined();
  });

  test("a put for a deployment that is gone is refused and leaves no blob", async () => {
    const blobs = [bytes("gone 1"), bytes("gone 2"), bytes("gone 3")];
    const expired = await deploy(bench.store, { expiresAtMs: bench.clock.nowMs });
    for (const id of [newId(), expired]) {
      expect(await codeOf(() => bench.store.artifacts.put(id, manifestFor(blobs), blobs))).toBe(
        "TER_NOT_FOUND",
      );
    }
    for (const blob of blobs) expect(await bench.store.artifacts.blob(digestOf(blob))).toBeUndefined();
  });

  test("blobs that the manifest does not name are not kept", async () => {
    const blobs = [bytes("named 1"), bytes("named 2"), bytes("named 3")];
    await bench.store.artifacts.put(await deploy(bench.store), manifestFor(blobs), [
      ...blobs,
      bytes("a stranger"),
    ]);
    expect(await bench.store.artifacts.blob(digestOf(bytes("a stranger")))).toBeUndefined();
  });

  test("a manifest that names a blob nobody has is refused and stays invisible", async () => {
    const blobs = [bytes("lone 1"), bytes("lone 2"), bytes("lone 3")];
    const id = await deploy(bench.store);
    expect(await codeOf(() => bench.store.artifacts.put(id, manifestFor(blobs), blobs.slice(0, 2)))).toBe(
      "TER_INTERNAL",
    );
    expect(await bench.store.artifacts.get(id)).toBeUndefined();
  });

  test("a blob lives as long as one deployment names it", async () => {
    const shared = bytes("shared module");
    const blobs = (name: string): Uint8Array[] => [shared, bytes(`map ${name}`), bytes(`original ${name}`)];
    const [first, second] = [await deploy(bench.store), await deploy(bench.store)];
    await bench.store.artifacts.put(first, manifestFor(blobs("first")), blobs("first"));
    await bench.other.artifacts.put(second, manifestFor(blobs("second")), blobs("second"));
    await bench.store.deployments.remove(first);
    expect(await bench.store.artifacts.blob(digestOf(shared))).toBeDefined();
    expect(await bench.store.artifacts.blob(digestOf(bytes("map first")))).toBeUndefined();
    await bench.other.deployments.remove(second);
    expect(await bench.store.artifacts.blob(digestOf(shared))).toBeUndefined();
  });

  test("a put never loses a blob to a removal of its last other use at the same moment", async () => {
    const blobs = [bytes("contended module"), bytes("contended map"), bytes("contended original")];
    const manifest = manifestFor(blobs);
    let last = await deploy(bench.store);
    await bench.store.artifacts.put(last, manifest, blobs);
    for (let round = 0; round < 100; round++) {
      const next = await deploy(bench.store);
      await Promise.all([
        bench.other.deployments.remove(last),
        bench.store.artifacts.put(next, manifest, blobs),
      ]);
      for (const blob of blobs) expect(await bench.store.artifacts.blob(digestOf(blob))).toBeDefined();
      last = next;
    }
  });
}
