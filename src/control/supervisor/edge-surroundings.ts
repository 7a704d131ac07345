// What an edge needs of the machine: Terrarium's own code, the store's files, sockets of others.
import type { Config } from "../../config/index.ts";
import { childEnvironment } from "../../config/environment.ts";
import type { Surroundings } from "../../sandbox/edge-sandbox.ts";
import { edgeFiles } from "../../store/index.ts";
import { ownCode } from "../own-code.ts";

/** For edges of this configuration. Called once the store is open. */
export function edgeSurroundings(config: Config, runDir: string): Surroundings {
  const { readable, writable } = edgeFiles(config.dataDir);
  const { tls } = config;
  const authorities = childEnvironment()["NODE_EXTRA_CA_CERTS"];
  return {
    readable: [
      ...ownCode(),
      ...(authorities === undefined ? [] : [authorities]),
      ...(tls.kind === "files" ? [tls.cert, tls.key] : []),
      ...config.caFiles,
      ...readable,
      runDir,
    ],
    writable,
  };
}
