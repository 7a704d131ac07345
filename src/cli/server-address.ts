// Which server a command calls, and how it connects.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Environment } from "../config/environment.ts";
import { holdsCertificate } from "../config/pem.ts";
import { usage } from "./usage-error.ts";
import { pathError, requireFile } from "./user-path.ts";

const DEFAULT_SERVER = "http://localhost:8080";

/** Options of every command that calls a server. */
export interface ServerOptions {
  readonly server?: string;
  readonly token?: string;
  readonly cacert?: string;
}

/** A server to call. */
export interface ServerAddress {
  readonly base: URL;
  readonly token: string | undefined;
  /** PEM of an authority to trust in addition to the system's. */
  readonly ca: string | undefined;
}

/**
 * `--server`, then TERRARIUM_SERVER, then this machine. `cwd`: where relative files are looked for. Throws a
 * wrong-usage failure.
 */
export function serverAddress(options: ServerOptions, environment: Environment, cwd: string): ServerAddress {
  const text = options.server ?? environment.variables["TERRARIUM_SERVER"] ?? DEFAULT_SERVER;
  const withScheme = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(withScheme))
    throw usage(`Server "${text}" is not a URL`, `Write it as --server ${DEFAULT_SERVER}`);
  const base = new URL(withScheme);
  const caFile = options.cacert ?? environment.variables["TERRARIUM_CA"];
  const ca = caFile === undefined ? undefined : readAuthority(caFile, resolve(cwd, caFile));
  return { base, token: options.token ?? environment.variables["TERRARIUM_TOKEN"], ca };
}

function readAuthority(shown: string, path: string): string {
  try {
    requireFile(shown, path);
    const text = readFileSync(path, "utf8");
    if (!holdsCertificate(text)) throw usage(`"${shown}" holds no PEM certificate`, "Name a file that does");
    return text;
  } catch (cause) {
    throw pathError("read", shown, cause);
  }
}

/** Not every resolver resolves `x.localhost`, which always means this machine (RFC 6761, section 6.3). */
export function isLocalhost(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}
