// Finds the Node 26 binary. Everything of Terrarium runs on it; only this folder also runs on Node 20.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/**
 * Path of a Node that has JSPI on without flags: the one that npm brought, else the running one if it is new
 * enough.
 */
export function findRuntime() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= 26) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  try {
    const file = join(dirname(require.resolve(`${name}/package.json`)), "bin", "node");
    if (existsSync(file)) return file;
  } catch {
    // Not installed: said below, with the way out.
  }
  process.stderr.write(
    `terrarium: needs Node 26 but found ${process.version}; ` +
      `the npm package ${name}, which contains it, is missing.\n` +
      "Run `npm install` without --omit=optional, or run terrarium with a Node 26 of your own.\n",
  );
  process.exit(1);
}
