// The engine of an edge and what its guests may use: artifacts from the store become responders.
import { randomFillSync } from "node:crypto";
import type { Config } from "../../config/index.ts";
import { memoryPlan } from "../../config/memory-plan.ts";
import { createEngine } from "../../engine/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import { createOutbound, createResolver, encodeEnvironment, hostFunctions } from "../../hostcalls/index.ts";
import { keyValueQuotaOf } from "../../store/key-value-quota.ts";
import type { ArtifactStore, Digest, Store } from "../../store/types.ts";
import type { ProgramHost, ProgramSite } from "./types.ts";
import { SourceLocations } from "./source-locations.ts";
import { ProgramResponder, type SharedServices } from "./responder.ts";

/**
 * Starts the engine; `stuckFile` is its option of that name. Throws TER_CONFIG_INVALID if addresses or
 * authorities for guests are invalid.
 */
export function createProgramHost(
  config: Config,
  store: Store,
  site: ProgramSite,
  stuckFile: string | null = null,
): ProgramHost {
  const { limits } = config;
  const shared = sharedServices(config, site);
  const { pooledBytes, discardedBytes } = memoryPlan(config);
  const engine = createEngine({
    hostFunctions,
    limits,
    pools: { pooledBytes, discardedBytes },
    ...(stuckFile === null ? {} : { stuckFile }),
  });
  const quota = keyValueQuotaOf(limits);
  let compiles = 0;
  let compileMs = 0;
  return {
    async load(id, manifest, storeId) {
      const [bytes, codeMap] = await Promise.all([
        blob(store.artifacts, manifest.module),
        blob(store.artifacts, manifest.codeMap),
      ]);
      const beganMs = performance.now();
      const program = await engine.load({ name: id, bytes, layout: manifest.layout, codeMap });
      compiles++;
      compileMs += performance.now() - beganMs;
      const keyValue = store.keyValue.open(storeId, quota);
      const environment = encodeEnvironment({ ...manifest.settings, ...manifest.appSettings });
      return new ProgramResponder(id, program, { keyValue, environment }, shared);
    },
    stats() {
      const { programs, waiting, pooled } = engine.stats();
      return {
        compiled: programs,
        compiles,
        compileMs,
        waiting,
        pooledMemories: pooled.memories,
        pooledBytes: pooled.bytes,
      };
    },
    trim: () => engine.trim(),
    close: () => engine.close(),
  };
}

function sharedServices(config: Config, site: ProgramSite): SharedServices {
  const { limits } = config;
  const random = (view: Uint8Array) => void randomFillSync(view);
  const resolver = createResolver({ server: config.dns, random });
  const { resolve, allowNet, caFiles } = config;
  const answers = { maxHeaderBytes: limits.headerBytes, maxBodyBytes: limits.outboundBodyBytes };
  try {
    const outbound = createOutbound({ resolver, limits: answers, allowNet, resolve, caFiles, ...site });
    return {
      outbound,
      resolver,
      limits,
      locations: new SourceLocations(site.lookUpLocations),
      runLimits: { cpuMs: limits.cpuMs, wallMs: limits.wallMs },
    };
  } catch (error) {
    throw new TerrariumError("TER_CONFIG_INVALID", { reason: (error as Error).message }, { cause: error });
  }
}

async function blob(artifacts: ArtifactStore, digest: Digest): Promise<Uint8Array> {
  const bytes = await artifacts.blob(digest);
  if (bytes === undefined)
    throw new TerrariumError("TER_INTERNAL", { reason: `the artifact lacks ${digest.slice(0, 12)}` });
  return bytes;
}
