// The only module that reads environment variables. Everything else takes what it needs as a parameter.
import { homedir } from "node:os";
import { join } from "node:path";

/** Prefix of the variables that stand for flags: `TERRARIUM_MAX_TTL` is `--max-ttl`. */
export const VARIABLE_PREFIX = "TERRARIUM_";

/** What the environment says about the user and the machine; read once, at import. */
export interface Environment {
  /** All `TERRARIUM_*` variables by their full name; empty ones count as absent. */
  readonly variables: Readonly<Record<string, string>>;
  /** `CI` is set: never prompt. */
  readonly ci: boolean;
  /** `NO_COLOR` is set, or the terminal is dumb. */
  readonly noColor: boolean;
  readonly dataHome: string;
  readonly cacheHome: string;
  readonly path: string;
}

/** Reads an environment; `source` is the process's own unless a test gives another. */
export function readEnvironment(
  source: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): Environment {
  const variables = Object.fromEntries(
    Object.entries(source).filter(
      (entry): entry is [string, string] => entry[0].startsWith(VARIABLE_PREFIX) && isSet(entry[1]),
    ),
  );
  return {
    variables,
    ci: isSet(source["CI"]) && source["CI"] !== "false" && source["CI"] !== "0",
    noColor: isSet(source["NO_COLOR"]) || source["TERM"] === "dumb",
    dataHome: source["XDG_DATA_HOME"] || join(home, ".local", "share"),
    cacheHome: source["XDG_CACHE_HOME"] || join(home, ".cache"),
    path: source["PATH"] ?? "",
  };
}

/**
 * Environment for child processes that must not see secrets: only what a Node process needs to run at all.
 */
export function childEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "LANG", "TZ", "NODE_COMPILE_CACHE", "NODE_EXTRA_CA_CERTS"];
  const entries = kept.flatMap((name) => (isSet(process.env[name]) ? [[name, process.env[name]]] : []));
  return { ...Object.fromEntries(entries), ...extra };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
