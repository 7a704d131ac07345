#!/usr/bin/env node
// The command `terrarium`: finds Node 26, runs the program on it, and for `serve` stays as the parent that
// restarts a supervisor that dies. Plain JavaScript that Node 20 understands, in few lines that cannot fail.
import { existsSync } from "node:fs";
import module from "node:module";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./cache-folder.mjs";
import { findRuntime } from "./runtime.mjs";
import { keepServing } from "./keep-serving.mjs";
import { runOnce } from "./run-once.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
// Node strips types everywhere but inside node_modules, so an installed package runs what `npm run build`
// emitted.
const source = join(root, "src", "cli", "main.ts");
const packaged = root.split(sep).includes("node_modules") || !existsSync(source);
const entry = packaged ? join(root, "dist", "cli", "main.js") : source;
const cache = cacheFolder();
const environment = { ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }), ...process.env };
const runtime = findRuntime();
// Options of the caller's Node are not for Node 26, which may refuse them.
for (const variables of [process.env, environment]) delete variables.NODE_OPTIONS;

if (subcommand(args) === "serve" && !args.includes("--help") && !args.includes("-h")) {
  keepServing(runtime, [entry, ...args], environment);
} else if (runtime === process.execPath) {
  if (cache !== undefined) module.enableCompileCache(cache);
  process.argv[1] = entry;
  await import(entry);
} else {
  runOnce(runtime, [entry, ...args], environment);
}

/** The first word that is not an option; `-C DIR` takes a value. */
function subcommand(words) {
  for (let i = 0; i < words.length; i++) {
    if (words[i] === "-C") i++;
    else if (!words[i].startsWith("-")) return words[i];
  }
  return undefined;
}
