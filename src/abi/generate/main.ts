// `npm run generate`: writes every file that is derived from the hostcall table.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { breaches, type Lock } from "./lock.ts";
import { generatedFiles } from "./outputs.ts";

const root = join(import.meta.dirname, "../../..");
const lockPath = join(root, "src/abi/abi.lock.json");
const locked: Lock = existsSync(lockPath) ? JSON.parse(readFileSync(lockPath, "utf8")) : {};
const broken = breaches(locked);
if (broken.length > 0) {
  process.stderr.write(`The contract is append-only, nothing was written:\n${broken.join("\n")}\n`);
  process.exit(1);
}
for (const [path, text] of generatedFiles()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  process.stdout.write(`${path}\n`);
}
