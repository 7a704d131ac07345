// The Store interface: everything that outlives a process. One contract suite holds for all stores.
import type { Config } from "../config/index.ts";
import type { Language } from "../languages/list.ts";
import type { ModuleLayout } from "../wasm/layout.ts";

/** A store may answer at once or later; callers await only promises. */
export type Awaitable<T> = T | Promise<T>;

declare const brand: unique symbol;
/** Four English words joined by hyphens: `involved-mental-write-window`. Never reused. */
export type DeploymentId = string & { readonly [brand]: "DeploymentId" };
/** SHA-256 of the bytes, in lower-case hex. */
export type Digest = string & { readonly [brand]: "Digest" };

/** The phase of a deployment. `live` and `failed` are final; a removed deployment has no record. */
export type DeploymentPhase = "queued" | "building" | "native" | "deploying" | "live" | "failed";

/** The record of a deployment. */
export interface DeploymentRecord {
  readonly id: DeploymentId;
  /** Name of the project, for people; may be empty. */
  readonly name: string;
  readonly language: Language | null;
  readonly phase: DeploymentPhase;
  /** Text for clients to show: a description of the phase, the URL, or the error. */
  readonly message: string;
  /** Code of the catalogue if the phase is `failed`. */
  readonly errorCode: string | null;
  readonly createdAtMs: number;
  /** Null: never. */
  readonly expiresAtMs: number | null;
  /** SHA-256 of the token that allows changing or deleting it. */
  readonly tokenDigest: Digest;
  /** Address that deployed it, for quotas. */
  readonly source: string;
  /** The app that it is a version of; null: of none. */
  readonly app: string | null;
  /** 1, 2, 3 and so on within the app; null without an app. */
  readonly version: number | null;
}

/** An app: a name that lasts, whose requests go to its current version. */
export interface AppRecord {
  /** A DNS label. */
  readonly name: string;
  /** The id under which the app's key-value store is kept; never the id of a deployment. */
  readonly storeId: DeploymentId;
  /** SHA-256 of the token that allows changing or deleting the app and all its versions. */
  readonly tokenDigest: Digest;
  /** Address that created it, for quotas. */
  readonly source: string;
  readonly createdAtMs: number;
  /** The version that answers at the app's address; null before the first is live. */
  readonly currentId: DeploymentId | null;
  /** The version that answered before it. */
  readonly previousId: DeploymentId | null;
  /** The number of the newest version. */
  readonly lastVersion: number;
  /**
   * Number of its last switch, counted over all apps that ever were: readers order what they hear by it.
   */
  readonly switchNumber: number;
}

/** One static file of a deployment. */
export interface AssetEntry {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** An immutable artifact: everything edges need to serve a deployment. */
export interface ArtifactManifest {
  readonly version: 1;
  readonly language: Language;
  /** The rewritten module. */
  readonly module: Digest;
  readonly layout: ModuleLayout;
  /** Map from new to old code offsets, as the rewriter encodes it. */
  readonly codeMap: Digest;
  /** The module before the rewrite, with its names and DWARF. */
  readonly original: Digest;
  /** By URL path with a leading slash: `/style.css`. */
  readonly assets: Readonly<Record<string, AssetEntry>>;
  /** `[settings]` of the project file; left out if there are none. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Set for the app, and kept from version to version: of two with the same name, these count. */
  readonly appSettings?: Readonly<Record<string, string>>;
}

/** Records of deployments. Reads never return one that has expired. */
export interface DeploymentStore {
  /** False if the id exists or ever existed; nothing is written then. */
  create(record: DeploymentRecord): Awaitable<boolean>;
  /** False if it is gone or expired: neither can be revived. */
  update(id: DeploymentId, change: Partial<Omit<DeploymentRecord, "id">>): Awaitable<boolean>;
  get(id: DeploymentId): Awaitable<DeploymentRecord | undefined>;
  list(): Awaitable<DeploymentRecord[]>;
  /** Removes record, artifact, key-value store and logs; the id stays taken. False if it was already gone. */
  remove(id: DeploymentId): Awaitable<boolean>;
  /** Removes everything that expired by `nowMs`, like `remove`; returns the ids. */
  sweep(nowMs: number): Awaitable<DeploymentId[]>;
  /** Reports removals by any process within a fraction of a second. The returned function unsubscribes. */
  onRemoved(listener: (id: DeploymentId) => void): () => void;
}

/** Records of apps. */
export interface AppStore {
  /** Ends the hold of the name, if any. False if the name is taken or the store's id was ever used. */
  create(record: AppRecord): Awaitable<boolean>;
  /** The digest of the last owner's token while the name of a removed app is held. */
  heldFor(name: string): Awaitable<Digest | undefined>;
  get(name: string): Awaitable<AppRecord | undefined>;
  /** By name. */
  list(): Awaitable<AppRecord[]>;
  /** Counts a new version and returns its number. Undefined if there is no such app. */
  addVersion(name: string): Awaitable<number | undefined>;
  /**
   * Makes a live version of the app its current one, which never expires; the one before expires after
   * `keepMs`. Returns the record after that; undefined if there is no such app, or no such live version.
   */
  switchTo(name: string, id: DeploymentId, keepMs: number): Awaitable<AppRecord | undefined>;
  /**
   * Removes the app with all its versions and its store, and holds the name for its owner for `holdMs`.
   * Returns the number of this last switch; undefined if there is no such app.
   */
  remove(name: string, holdMs: number): Awaitable<number | undefined>;
}

/** Artifacts and their content-addressed blobs. A blob exists as long as a manifest names it. */
export interface ArtifactStore {
  /**
   * Writes the blobs (idempotent; blobs that the manifest does not name are skipped), then the manifest,
   * which makes the artifact visible. Throws TER_NOT_FOUND if the deployment is gone.
   */
  put(id: DeploymentId, manifest: ArtifactManifest, blobs: readonly Uint8Array[]): Awaitable<void>;
  get(id: DeploymentId): Awaitable<ArtifactManifest | undefined>;
  /** Throws TER_STORE_DAMAGED rather than return bytes other than those put. */
  blob(digest: Digest): Awaitable<Uint8Array | undefined>;
}

/** Quotas of one deployment's key-value store. */
export interface KeyValueQuota {
  readonly maxKeyBytes: number;
  readonly maxValueBytes: number;
  readonly maxKeys: number;
  readonly maxTotalBytes: number;
}

/**
 * The key-value store of one deployment or app. Each operation (its return value, quota and write) is one
 * transaction. Throws TerrariumError TER_KV_* when a quota is exceeded, and then writes nothing. The caller
 * may reuse the keys and values it passed once the call has returned, before its promise resolves; the
 * results belong to the caller.
 */
export interface KeyValueNamespace {
  /** Writes always. True if the key was absent. */
  insert(key: Uint8Array, value: Uint8Array): Awaitable<boolean>;
  /** Writes only if absent. True if it was. */
  upsert(key: Uint8Array, value: Uint8Array): Awaitable<boolean>;
  /** Appends, or inserts if absent. True if it was. */
  append(key: Uint8Array, value: Uint8Array): Awaitable<boolean>;
  /** Writes only if the key has exactly the expected value. True if it had. */
  compareAndSet(key: Uint8Array, expected: Uint8Array, value: Uint8Array): Awaitable<boolean>;
  /**
   * Adds to a value that is a whole number of 64 bits in decimal digits, as `decimal-number.ts` reads it; an
   * absent key counts as 0. The sum; undefined, and nothing is written, if the value is no such number or the
   * sum does not fit.
   */
  increment(key: Uint8Array, delta: bigint): Awaitable<bigint | undefined>;
  get(key: Uint8Array): Awaitable<Uint8Array | undefined>;
  /** True if there was one. */
  remove(key: Uint8Array): Awaitable<boolean>;
  /** Keys with value sizes in byte order, from `after` (exclusive), at most `limit`. */
  list(options: {
    readonly prefix?: Uint8Array;
    readonly after?: Uint8Array;
    readonly limit: number;
  }): Awaitable<{ readonly key: Uint8Array; readonly sizeBytes: number }[]>;
  usage(): Awaitable<{ readonly keys: number; readonly bytes: number }>;
}

export interface KeyValueStore {
  /** Throws TER_NOT_FOUND on first use if the deployment is gone. Cheap enough to call per request. */
  open(id: DeploymentId, quota: KeyValueQuota): KeyValueNamespace;
}

/** One event of a deployment's log. */
export interface LogEvent {
  readonly atMs: number;
  /** Its source: the build, a guest's debug line or output, a fault, the platform. */
  readonly source: "build" | "debug" | "stdout" | "stderr" | "fault" | "platform";
  /** Request that it belongs to, or null. */
  readonly request: string | null;
  readonly text: string;
}

/**
 * A stored event with its offset in the log: 1, 2, 3 and so on per deployment, so a gap shows how many events
 * were dropped.
 */
export interface StoredLogEvent extends LogEvent {
  readonly offset: number;
}

export interface LogStore {
  /**
   * Batched by the caller; bounded per deployment, oldest dropped first. Events of a deployment that is gone
   * are dropped.
   */
  append(id: DeploymentId, events: readonly LogEvent[]): Awaitable<void>;
  /** Events after an offset, oldest first; none if the deployment is gone. */
  read(
    id: DeploymentId,
    options: { readonly after?: number; readonly sinceMs?: number; readonly limit: number },
  ): Awaitable<StoredLogEvent[]>;
}

/** A process that serves. */
export interface Member {
  readonly name: string;
  readonly pid: number;
  readonly role: "supervisor" | "edge";
  /** Unix socket on which it accepts requests from its peers; null if it has none. */
  readonly socket: string | null;
  readonly atMs: number;
}

export interface LivenessStore {
  /** Announces that a member is alive; call it repeatedly. */
  beat(member: Member): Awaitable<void>;
  leave(name: string): Awaitable<void>;
  /** Members whose last heartbeat is younger than `maxAgeMs`. */
  members(maxAgeMs: number): Awaitable<Member[]>;
}

export interface Store {
  readonly deployments: DeploymentStore;
  readonly apps: AppStore;
  readonly artifacts: ArtifactStore;
  readonly keyValue: KeyValueStore;
  readonly logs: LogStore;
  readonly liveness: LivenessStore;
  close(): Awaitable<void>;
}

/** Who opens a store, and with which clock. */
export interface OpenStoreOptions {
  /** The supervisor cleans up what killed processes left behind. */
  readonly role: "supervisor" | "edge" | "command";
  readonly now?: () => number;
}

/** Opens the store of one backend as the platform is configured. */
export type OpenBackend = (
  config: Pick<Config, "dataDir" | "store" | "limits"> & Partial<Pick<Config, "durability">>,
  options: OpenStoreOptions,
) => Awaitable<Store>;
