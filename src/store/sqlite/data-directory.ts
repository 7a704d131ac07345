// Owns the layout of a data directory. Nothing else builds a path in it.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../config/make-folder.ts";
import { TerrariumError } from "../../errors/index.ts";
import type { Digest } from "../types.ts";

/** Files that keep room on the disk. */
export interface ReserveFiles {
  readonly forRemovals: string;
  readonly forStarts: string;
  /** A folder on the same disk. */
  readonly folder: string;
}

/** Paths of one data directory. Names from outside are checked before they become part of a path. */
export class DataDirectory {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Records, manifests, removals, members. */
  get records(): string {
    return join(this.root, "terrarium.db");
  }

  /** Says that the folder is ours. */
  get mark(): string {
    return join(this.root, "TERRARIUM-DATA");
  }

  /** How far the log of `terrarium.db` has been synced. */
  get syncedMark(): string {
    return `${this.records}-synced`;
  }

  /** What no record knows, kept for its owner to look at. */
  get lostAndFound(): string {
    return join(this.root, "lost+found");
  }

  /** Locked by the one supervisor of this directory. */
  get supervisorLock(): string {
    return join(this.root, "supervisor.lock");
  }

  /** Room that is kept for a full disk. */
  get reserve(): ReserveFiles {
    const path = (name: string) => join(this.root, name);
    return { forRemovals: path("reserve"), forStarts: path("reserve-start"), folder: this.root };
  }

  /** Files being written; what a killed process left there is useless. */
  get unfinished(): string {
    return join(this.root, "unfinished");
  }

  get keyValue(): string {
    return join(this.root, "kv");
  }

  get logs(): string {
    return join(this.root, "logs");
  }

  get blobs(): string {
    return join(this.root, "blobs");
  }

  /** `blobs/ab/cdef...`: 256 folders, so that none grows large. */
  blob(digest: Digest): string {
    if (!isDigest(digest))
      throw new TerrariumError("TER_INTERNAL", { reason: "a digest is not SHA-256 in lower-case hex" });
    return join(this.blobs, digest.slice(0, 2), digest.slice(2));
  }

  /** Digests of all blobs on disk. */
  *blobDigests(): Generator<Digest> {
    for (const folder of readdirSync(this.blobs)) {
      for (const name of readdirSync(join(this.blobs, folder))) {
        const digest = folder + name;
        if (isDigest(digest)) yield digest;
      }
    }
  }

  /** Whether it holds data of deployments. */
  get hasData(): boolean {
    return [this.keyValue, this.logs, this.blobs].some(
      (folder) => existsSync(folder) && readdirSync(folder).length > 0,
    );
  }

  /** Creates missing folders. Only the owner may enter: deployments' data is nobody else's business. */
  make(): void {
    for (const folder of [this.root, this.unfinished, this.keyValue, this.logs, this.blobs]) {
      makeFolder(folder, 0o700);
    }
  }
}

function isDigest(text: string): text is Digest {
  return /^[0-9a-f]{64}$/.test(text);
}
