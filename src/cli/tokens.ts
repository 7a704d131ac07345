// Tokens of deployments and apps made on this machine, stored so that later commands can manage them.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Environment } from "../config/environment.ts";

/** Beyond this the oldest are forgotten: most deployments are gone after minutes. Apps stay. */
const MAX_TOKENS = 200;
/** Stands before the name of an app. */
const APP = "app/";

type Tokens = Record<string, string>;

/** Stores a token. If the home folder is not writable, only the convenience is lost. */
export function rememberToken(environment: Environment, server: URL, id: string, token: string): void {
  const path = tokensPath(environment);
  const all = Object.entries({ ...read(path), [keyOf(server, id)]: token });
  const isOfApp = ([key]: [string, string]) => key.includes(` ${APP}`);
  const passing = all.filter((entry) => !isOfApp(entry)).slice(-MAX_TOKENS);
  const kept = Object.fromEntries([...all.filter(isOfApp), ...passing]);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(kept), { mode: 0o600 });
    renameSync(draft, path);
  } catch {
    // Said above.
  }
}

/** Stores the token of an app, as `rememberToken` does. */
export function rememberAppToken(environment: Environment, server: URL, app: string, token: string): void {
  rememberToken(environment, server, APP + app, token);
}

/** The stored token of a deployment or an app, if there is one. */
export function recallToken(environment: Environment, server: URL, name: string): string | undefined {
  const tokens = read(tokensPath(environment));
  return tokens[keyOf(server, name)] ?? tokens[keyOf(server, APP + name)];
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
