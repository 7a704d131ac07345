// The operator's token: created at the first start, and kept in the data directory, readable only by its
// owner.
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileDurably } from "../../store/durable-files.ts";
import { drawToken } from "../deployments/identity.ts";

/** Where the token lies. */
function operatorTokenPath(dataDir: string): string {
  return join(dataDir, "operator-token");
}

/** Reads or creates the token. Only the supervisor, which holds the directory's lock, may call this. */
export function ensureOperatorToken(dataDir: string): string {
  const path = operatorTokenPath(dataDir);
  try {
    const token = readFileSync(path, "utf8").trim();
    chmodSync(path, 0o600);
    if (token.length >= 16) return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const token = drawToken();
  writeFileDurably(path, `${token}\n`, 0o600);
  return token;
}
