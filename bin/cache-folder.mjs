// The folder for Node's compile cache. Node would make it by itself, but never returns where the system
// cannot make folders, as Linux cannot below /proc.
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** The folder, made; undefined if it cannot be: then nothing is cached. */
export function cacheFolder() {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "terrarium", "compile-cache");
  try {
    make(folder);
    return folder;
  } catch {
    return undefined;
  }
}

function make(folder) {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) make(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another command may have made it meanwhile.
    if (!existsSync(folder)) throw error;
  }
}
