// Deployments put into a store as a deploy would leave them, and the configuration of an edge to serve them.
import { HOST_IMPORTS } from "../../src/abi/index.ts";
import { type Config, DEFAULT_LIMITS, type Limits } from "../../src/config/index.ts";
import { digestOf } from "../../src/store/digest.ts";
import type { DeploymentId, DeploymentRecord, Store } from "../../src/store/types.ts";
import { rewriteModule } from "../../src/wasm/index.ts";

/** One plain listener on a free port of loopback, and no file that a person would name. */
export function edgeConfig(dataDir: string, changes: Partial<Config> = {}): Config {
  return {
    listen: { host: "127.0.0.1", port: 0 },
    listenTls: null,
    domain: "terrarium.test",
    dataDir,
    edges: 1,
    memoryBytes: 4 * 2 ** 30,
    store: "sqlite",
    ttlMs: 300_000,
    maxTtlMs: null,
    tls: { kind: "off" },
    allowNet: [],
    resolve: [],
    caFiles: [],
    apiHosts: [],
    dns: null,
    quotas: null,
    logLevel: "silent",
    limits: DEFAULT_LIMITS,
    trustProxy: [],
    proxyProtocol: false,
    publicUrl: null,
    ...changes,
  } as Config;
}

/** The record of a deployment that is live for good. */
export function liveRecord(id: string): DeploymentRecord {
  return {
    id: id as DeploymentId,
    name: id,
    language: "wat",
    phase: "live",
    message: "",
    errorCode: null,
    createdAtMs: Date.now(),
    expiresAtMs: null,
    tokenDigest: digestOf("token"),
    app: null,
    version: null,
    source: "127.0.0.1",
  };
}

/** Rewrites a module and puts it into the store, live. */
export async function putModule(
  store: Store,
  id: string,
  original: Uint8Array<ArrayBuffer>,
  limits: Limits = DEFAULT_LIMITS,
): Promise<void> {
  const { bytes, layout, codeMap } = rewriteModule(original, {
    hostImports: HOST_IMPORTS,
    interruptible: true,
    maxMemoryPages: limits.memoryPages,
    maxTableEntries: limits.tableEntries,
  });
  await store.deployments.create(liveRecord(id));
  const manifest = {
    version: 1,
    language: "wat",
    module: digestOf(bytes),
    layout,
    codeMap: digestOf(codeMap),
    original: digestOf(original),
    assets: {},
  } as const;
  await store.artifacts.put(id as DeploymentId, manifest, [bytes, codeMap, original]);
}
