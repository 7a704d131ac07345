// Owns artifacts: manifests beside their deployments, blobs under their SHA-256.
//
// A put first notes what it is about to use beside the deployment, then registers as a user of each blob,
// then stores the manifest. Whoever removes the deployment ends the uses that are noted. A put that finds its
// deployment gone ends its own. A blob goes with its last user, in the script that removes it from the set.
import { TerrariumError } from "../../errors/index.ts";
import { digestOf } from "../digest.ts";
import type { ArtifactManifest, ArtifactStore, DeploymentId, Digest } from "../types.ts";
import type { Connection } from "./connection.ts";
import { blobKeys, deploymentKeys } from "./keys.ts";
import { bytesOf } from "./replies.ts";
import { BEGIN_PUT, MANIFEST, PUT, RELEASE_BLOB, USE_BLOB } from "./scripts.ts";

export class RedisArtifactStore implements ArtifactStore {
  readonly #connection: Connection;
  readonly #now: () => number;

  constructor(connection: Connection, now: () => number) {
    this.#connection = connection;
    this.#now = now;
  }

  async put(id: DeploymentId, manifest: ArtifactManifest, blobs: readonly Uint8Array[]): Promise<void> {
    const { record, uses, manifest: key } = deploymentKeys(id);
    const named = [...digestsOf(manifest)];
    const gone = () => new TerrariumError("TER_NOT_FOUND", { id });
    if ((await this.#connection.run(BEGIN_PUT, [record, uses], [this.#now(), ...named])) !== 1) throw gone();
    try {
      await this.#useAll(id, named, new Map(blobs.map((blob) => [digestOf(blob), blob])));
      const args = [this.#now(), JSON.stringify(manifest)];
      if ((await this.#connection.run(PUT, [record, key], args)) !== 1) throw gone();
    } catch (error) {
      for (const digest of named) await this.#connection.run(RELEASE_BLOB, blobKeys(digest), [id]);
      throw error;
    }
  }

  async get(id: DeploymentId): Promise<ArtifactManifest | undefined> {
    const { record, manifest } = deploymentKeys(id);
    const text = await this.#connection.run(MANIFEST, [record, manifest], [this.#now()]);
    return text === null ? undefined : (JSON.parse(String(text)) as ArtifactManifest);
  }

  async blob(digest: Digest): Promise<Uint8Array | undefined> {
    const found = await this.#connection.call(["GET", blobKeys(digest)[0]]);
    if (found === null) return undefined;
    const bytes = bytesOf(found);
    if (digestOf(bytes) !== digest)
      throw new TerrariumError("TER_STORE_DAMAGED", { reason: `blob ${digest} has other bytes` });
    return bytes;
  }

  /** One after the other: a large artifact is never in memory twice. */
  async #useAll(
    id: DeploymentId,
    named: readonly Digest[],
    given: ReadonlyMap<Digest, Uint8Array>,
  ): Promise<void> {
    for (const digest of named) {
      const bytes = given.get(digest);
      const args = bytes === undefined ? [id] : [id, bytes];
      if ((await this.#connection.run(USE_BLOB, blobKeys(digest), args)) !== 1)
        throw new TerrariumError("TER_INTERNAL", {
          reason: `a manifest names the blob ${digest}, which was not given`,
        });
    }
  }
}

function digestsOf(manifest: ArtifactManifest): Set<Digest> {
  const assets = Object.values(manifest.assets).map((asset) => asset.digest);
  return new Set([manifest.module, manifest.codeMap, manifest.original, ...assets]);
}
