// The keys of the Redis store. What stands in braces chooses the hash slot: one per deployment or app, one
// per blob, one for what belongs to all. Every script touches one slot.
import type { DeploymentId, Digest } from "../types.ts";

const PREFIX = "terrarium";

/** Keys of what belongs to all deployments. */
export const GLOBAL = {
  /** Number of the format. */
  format: `${PREFIX}:{all}:format`,
  /** Sorted set of deployments by their time of creation. */
  index: `${PREFIX}:{all}:index`,
  /** Sorted set of deployments by the time at which a sweep has to look at them. */
  expiry: `${PREFIX}:{all}:expiry`,
  /** Stream of removals. */
  removals: `${PREFIX}:{all}:removals`,
  /** Set of the names of apps. */
  apps: `${PREFIX}:{all}:apps`,
  /** Set of apps whose removal has begun. */
  endingApps: `${PREFIX}:{all}:ending-apps`,
  /** Counter of switches. */
  switches: `${PREFIX}:{all}:switches`,
  /** Hash of members by name. */
  members: `${PREFIX}:{all}:members`,
} as const;

/** Keys of one deployment, or of one app's store. */
export interface DeploymentKeys {
  /** Hash. Whoever has `expiresAtMs` in it is alive until then; an app's store has no other field. */
  readonly record: string;
  /** Exists if the id was ever used. */
  readonly taken: string;
  readonly manifest: string;
  /** Set of the digests whose use ends with the deployment. */
  readonly uses: string;
  /** Hash of values. */
  readonly values: string;
  /** Sorted set of the keys, in byte order. */
  readonly order: string;
  /** Hash: number of keys and bytes. */
  readonly usage: string;
  /** Stream of events. */
  readonly log: string;
  /** Hash: last offset and bytes of the log. */
  readonly tally: string;
}

export function deploymentKeys(id: DeploymentId): DeploymentKeys {
  const key = (part: string): string => `${PREFIX}:{${id}}:${part}`;
  return {
    record: key("record"),
    taken: key("taken"),
    manifest: key("manifest"),
    uses: key("uses"),
    values: key("values"),
    order: key("order"),
    usage: key("usage"),
    log: key("log"),
    tally: key("tally"),
  };
}

/** Keys of one app. */
export interface AppKeys {
  /** Hash. */
  readonly record: string;
  /** The last owner's token while the name of a removed app is held. */
  readonly held: string;
  /** Set of the ids of its versions. */
  readonly versions: string;
  /** Set of the ids that its removal has to remove. */
  readonly ending: string;
}

export function appKeys(name: string): AppKeys {
  const key = (part: string): string => `${PREFIX}:{app/${name}}:${part}`;
  return { record: key("record"), held: key("held"), versions: key("versions"), ending: key("ending") };
}

/** The bytes of a blob, and the set of the deployments that use it. */
export function blobKeys(digest: Digest): readonly [bytes: string, users: string] {
  return [`${PREFIX}:{${digest}}:blob`, `${PREFIX}:{${digest}}:users`];
}
