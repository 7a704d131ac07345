// The files of Terrarium itself, for processes in a sandbox.
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../config/environment.ts";

/** `src` in a checkout, `dist` in a package. */
const CODE = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

/** Node, our code, what it imports, and what Node has compiled of it before. */
export function ownCode(): string[] {
  const root = dirname(CODE);
  const cache = childEnvironment()["NODE_COMPILE_CACHE"];
  return [
    process.execPath,
    CODE,
    join(root, "package.json"),
    ...moduleFolders(root),
    ...(cache === undefined ? [] : [cache]),
  ];
}

/** `node_modules` of the package, and the one that it is installed in. */
function moduleFolders(root: string): string[] {
  const outer = root.lastIndexOf(`${sep}node_modules${sep}`);
  const own = join(root, "node_modules");
  return outer === -1 ? [own] : [root.slice(0, outer + `${sep}node_modules`.length), own];
}
