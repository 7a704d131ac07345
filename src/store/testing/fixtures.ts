// Data for testing stores: records, manifests, quotas.
import type { Config } from "../../config/index.ts";
import { digestOf } from "../digest.ts";
import type { ModuleLayout } from "../../wasm/layout.ts";
import type { ArtifactManifest, DeploymentId, DeploymentRecord, KeyValueQuota, Store } from "../types.ts";

/** What a child process needs to open the same store. */
export type StoreLocation = Pick<Config, "dataDir" | "store">;

let lastNumber = 0;

/** An id that no other test has. */
export function newId(): DeploymentId {
  return `test-deployment-${++lastNumber}` as DeploymentId;
}

export function recordFor(id: DeploymentId, change: Partial<DeploymentRecord> = {}): DeploymentRecord {
  return {
    id,
    name: "garden",
    language: "wat",
    phase: "queued",
    message: "Waiting for a compiler",
    errorCode: null,
    createdAtMs: 1_800_000_000_000,
    expiresAtMs: null,
    tokenDigest: digestOf(bytes(`token of ${id}`)),
    source: "127.0.0.1",
    app: null,
    version: null,
    ...change,
  };
}

/** Creates a deployment and returns its id. */
export async function deploy(store: Store, change: Partial<DeploymentRecord> = {}): Promise<DeploymentId> {
  const id = newId();
  await store.deployments.create(recordFor(id, change));
  return id;
}

/** A manifest that names these blobs: module, code map, original, and the rest as assets. */
export function manifestFor(blobs: readonly Uint8Array[]): ArtifactManifest {
  const digests = blobs.map(digestOf);
  const [module, codeMap, original, ...assets] = digests;
  if (module === undefined || codeMap === undefined || original === undefined)
    throw new Error("a manifest names three blobs at least");
  return {
    version: 1,
    language: "wat",
    module,
    codeMap,
    original,
    // A store keeps the layout and never looks into it.
    layout: {
      version: 1,
      memory: null,
      size: { functions: 1, codeBytes: 2, dataBytes: 3 },
    } as Partial<ModuleLayout> as ModuleLayout,
    assets: Object.fromEntries(
      assets.map((digest, index) => [
        `/asset-${index}`,
        { digest, sizeBytes: blobs[index + 3]?.length ?? 0 },
      ]),
    ),
  };
}

export const QUOTA: KeyValueQuota = {
  maxKeyBytes: 1024,
  maxValueBytes: 1024 * 1024,
  maxKeys: 10_000,
  maxTotalBytes: 50 * 1024 * 1024,
};

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export function text(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : new TextDecoder("latin1").decode(value);
}

/** The code with which an operation throws or rejects; null if it does neither. */
export async function codeOf(operation: () => unknown): Promise<string | null> {
  try {
    await operation();
    return null;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}
