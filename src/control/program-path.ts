// Where the program of another process is: TypeScript in a checkout, JavaScript in a package.
import { fileURLToPath } from "node:url";

/** Path of one of Terrarium's own modules, named relative to `from` (an `import.meta.url`) without its extension. */
export function programPath(name: string, from: string): string {
  return fileURLToPath(new URL(name + (from.endsWith(".ts") ? ".ts" : ".js"), from));
}
