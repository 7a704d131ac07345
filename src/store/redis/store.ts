// Owns the store on a Redis server, which processes of several machines share.
import type { Store } from "../types.ts";
import { RedisAppStore } from "./apps.ts";
import { RedisArtifactStore } from "./artifacts.ts";
import { Connection } from "./connection.ts";
import { RedisDeploymentStore } from "./deployments.ts";
import { RedisKeyValueStore } from "./key-value.ts";
import { loadRedisLibrary } from "./library.ts";
import { RedisLivenessStore } from "./liveness.ts";
import { RedisLogStore } from "./logs.ts";
import { RemovalStream } from "./removal-stream.ts";
import { requireFitServer } from "./start-checks.ts";

export interface RedisStoreOptions {
  /** `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, or `rediss:` for TLS. */
  readonly url: string;
  /** Size limit of one deployment's log. */
  readonly maxLogBytes: number;
  readonly now?: () => number;
}

/**
 * Opens the store. Throws TER_CONFIG_INVALID without the client library, TER_STORE_UNAVAILABLE,
 * TER_STORE_SERVER_UNFIT or TER_STORE_NEWER_FORMAT.
 */
export async function openRedisStore(options: RedisStoreOptions): Promise<Store> {
  const now = options.now ?? Date.now;
  const library = await loadRedisLibrary();
  const connection = new Connection(library, options.url);
  const removals = new RemovalStream(connection, new Connection(library, options.url));
  const close = async (): Promise<void> => {
    await removals.end();
    connection.close();
  };
  try {
    await connection.open();
    await requireFitServer(connection);
    await removals.start();
  } catch (error) {
    await close();
    throw error;
  }
  const apps = new RedisAppStore(connection, now, () => deployments);
  const sweepApps = () => apps.sweep();
  const deployments = new RedisDeploymentStore({ connection, now, removals, sweepApps });
  return {
    deployments,
    apps,
    artifacts: new RedisArtifactStore(connection, now),
    keyValue: new RedisKeyValueStore(connection, now),
    logs: new RedisLogStore(connection, now, options.maxLogBytes),
    liveness: new RedisLivenessStore(connection, now),
    close,
  };
}
