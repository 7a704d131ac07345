// Tokens of deployments made on this machine, stored so that later commands can manage them.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Environment } from "../config/environment.ts";

/** Beyond this the oldest are forgotten: most deployments are gone after minutes. */
const MAX_TOKENS = 200;

type Tokens = Record<string, string>;

/** Stores a token. If the home folder is not writable, only the convenience is lost. */
export function rememberToken(environment: Environment, server: URL, id: string, token: string): void {
  const path = tokensPath(environment);
  const all = { ...read(path), [keyOf(server, id)]: token };
  const kept = Object.fromEntries(Object.entries(all).slice(-MAX_TOKENS));
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(kept), { mode: 0o600 });
    renameSync(draft, path);
  } catch {
    // Said above.
  }
}

/** The stored token, if there is one. */
export function recallToken(environment: Environment, server: URL, id: string): string | undefined {
  return read(tokensPath(environment))[keyOf(server, id)];
}

function tokensPath(environment: Environment): string {
  return join(environment.dataHome, "terrarium-command", "tokens.json");
}

function read(path: string): Tokens {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Tokens;
  } catch {
    return {};
  }
}

function keyOf(server: URL, id: string): string {
  return `${server.host} ${id}`;
}
