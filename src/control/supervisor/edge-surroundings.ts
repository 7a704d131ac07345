// What an edge needs of the machine: Terrarium's own code, the store's files, sockets of others.
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../../config/environment.ts";
import type { Config } from "../../config/index.ts";
import type { Surroundings } from "../../sandbox/edge-sandbox.ts";
import { edgeFiles } from "../../store/index.ts";

/** `src` in a checkout, `dist` in a package. */
const CODE = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");

/** For edges of this configuration. Called once the store is open. */
export function edgeSurroundings(config: Config, runDir: string): Surroundings {
  const { readable, writable } = edgeFiles(config.dataDir);
  const { tls } = config;
  const root = dirname(CODE);
  return {
    readable: [
      process.execPath,
      CODE,
      join(root, "package.json"),
      ...moduleFolders(root),
      ...sharedByEnvironment(),
      ...(tls.kind === "files" ? [tls.cert, tls.key] : []),
      ...config.caFiles,
      ...readable,
      runDir,
    ],
    writable,
  };
}

/** Compiled code, and authorities that the operator added. */
function sharedByEnvironment(): string[] {
  const { NODE_COMPILE_CACHE: cache, NODE_EXTRA_CA_CERTS: authorities } = childEnvironment();
  return [cache, authorities].filter((path) => path !== undefined);
}

/** `node_modules` of the package, and the one that it is installed in. */
function moduleFolders(root: string): string[] {
  const outer = root.lastIndexOf(`${sep}node_modules${sep}`);
  const own = join(root, "node_modules");
  return outer === -1 ? [own] : [root.slice(0, outer + `${sep}node_modules`.length), own];
}
