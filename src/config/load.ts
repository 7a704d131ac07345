// From flags, variables and an optional file to the frozen configuration. A bad value or combination throws
// TER_CONFIG_INVALID with the line that would fix it, before a socket opens.
import { readFileSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { parse as parseToml } from "smol-toml";
import type { z } from "zod";
import { fileProblem, TerrariumError } from "../errors/index.ts";
import { formatAddress, isLoopback } from "./address.ts";
import { type Environment, VARIABLE_PREFIX } from "./environment.ts";
import { DEFAULT_LIMITS, type Limits, PUBLIC_LIMITS, PUBLIC_MAX_TTL_MS } from "./limits.ts";
import { defaultMemory, minimumMemory } from "./memory-plan.ts";
import { holdsCertificate } from "./pem.ts";
import { SETTINGS, type Settings, settingsSchema } from "./schema.ts";
import { schemaMessage, schemaProblem } from "./schema-problem.ts";
import { nearest } from "./spelling.ts";
import type { Config, ListenAddress } from "./types.ts";

/** Values as the command line gives them, by key of the schema. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** Variables that are not settings of the server but belong to the commands. */
const OTHER_VARIABLES = ["TERRARIUM_CONFIG", "TERRARIUM_SERVER", "TERRARIUM_TOKEN", "TERRARIUM_CA"];

/** Flags win over variables, variables over the file, the file over defaults. */
export function loadConfig(flags: Flags, environment: Environment, cwd: string): Config {
  const file = flags["config"] ?? environment.variables["TERRARIUM_CONFIG"];
  const given = {
    ...(typeof file === "string" ? readFile(resolve(cwd, file)) : {}),
    ...fromVariables(environment.variables),
    ...Object.fromEntries(
      Object.entries(flags).filter(([name, value]) => name !== "config" && value !== undefined),
    ),
  };
  const parsed = settingsSchema.safeParse(given, { error: schemaMessage });
  if (!parsed.success) throw invalid(parsed.error.issues.map(describe).join("\n"));
  return deepFreeze(combine(parsed.data, environment, cwd));
}

function combine(settings: Settings, environment: Environment, cwd: string): Config {
  const tls = tlsOf(settings, cwd);
  const listenTls =
    tls.kind === "off" ? null : (settings["listen-tls"] ?? { host: settings.listen.host, port: 8443 });
  const publicUrl = settings["public-url"] ?? null;
  const domain = settings.domain ?? (publicUrl === null ? "localhost" : new URL(publicUrl).hostname);
  const isPublic =
    settings.public ||
    settings["trust-proxy"].length > 0 ||
    servesStrangers([settings.listen, listenTls], domain);
  if (settings["proxy-protocol"] && settings["trust-proxy"].length === 0)
    throw invalid("--proxy-protocol needs to know whose: --trust-proxy 127.0.0.1");
  const maxTtlMs = settings["max-ttl"] === undefined ? defaultMaxTtl(isPublic) : settings["max-ttl"];
  checkPorts(settings.listen, listenTls);
  checkTtl(settings.ttl, maxTtlMs);
  const quotasOn = settings.quotas === "on" || (settings.quotas === "auto" && isPublic);
  if (settings.grace === null) throw invalid("A shutdown cannot take forever: --grace 10s");
  return {
    listen: settings.listen,
    listenTls,
    domain,
    apiHosts: settings["api-host"].map((name) => name.toLowerCase()),
    dataDir:
      settings.data === undefined ? join(environment.dataHome, "terrarium") : resolve(cwd, settings.data),
    edges: settings.edges,
    memoryBytes: memoryOf(settings),
    store: settings.store,
    durability: settings.durability,
    ttlMs: settings.ttl,
    maxTtlMs,
    tls,
    trustProxy: settings["trust-proxy"],
    proxyProtocol: settings["proxy-protocol"],
    publicUrl,
    allowNet: settings["allow-net"],
    resolve: settings.resolve,
    caFiles: settings.cacert.map((path) => certificates(resolve(cwd, path), "--cacert")),
    dns: settings.dns ?? null,
    limits: limitsOf(settings.limit, isPublic),
    quotas: quotasOn
      ? {
          buildsAtOnce: settings["quota-builds"],
          liveDeployments: settings["quota-live"],
          deploysPerHour: settings["quota-hourly"],
          apps: settings["quota-apps"],
        }
      : null,
    deployToken: settings["deploy-token"] ?? null,
    rust: { allowRegistry: settings["allow-registry"], requireSandbox: isPublic },
    public: isPublic,
    sandbox: settings["unsafe-no-sandbox"] ? "off" : isPublic ? "required" : "preferred",
    inspect: settings.inspect === "on",
    graceMs: settings.grace,
    logLevel: settings["log-level"],
  };
}

/**
 * A listener beyond loopback, or a name beyond this machine: whoever visits `edge.example` may come through a
 * proxy that listens for the world, so that everybody seems to come from this machine.
 */
function servesStrangers(listeners: readonly (ListenAddress | null)[], domain: string): boolean {
  return !isLoopback(domain) || listeners.some((listener) => listener !== null && !isLoopback(listener.host));
}

function defaultMaxTtl(isPublic: boolean): number | null {
  return isPublic ? PUBLIC_MAX_TTL_MS : null;
}

function tlsOf(settings: Settings, cwd: string): Config["tls"] {
  const { cert, key } = settings;
  const kind = settings.tls ?? (cert === undefined && key === undefined ? "auto" : "files");
  if (kind !== "files" && (cert !== undefined || key !== undefined))
    throw invalid("--cert and --key are used only with --tls files");
  if (kind === "off" && settings["listen-tls"] !== undefined)
    throw invalid("--listen-tls needs certificates: leave it out, or use --tls auto");
  if (kind !== "files") return { kind };
  if (cert === undefined || key === undefined)
    throw invalid("--tls files needs both: --cert FILE --key FILE");
  return { kind, cert: readable(resolve(cwd, cert), "--cert"), key: readable(resolve(cwd, key), "--key") };
}

function checkPorts(listen: ListenAddress, listenTls: ListenAddress | null): void {
  if (
    listenTls === null ||
    listen.port === 0 ||
    listen.port !== listenTls.port ||
    listen.host !== listenTls.host
  )
    return;
  throw invalid(
    `HTTP and HTTPS cannot share ${formatAddress(listen)}: --listen-tls ` +
      `${formatAddress({ ...listenTls, port: listenTls.port + 1 })}`,
  );
}

function memoryOf({ memory, edges }: Settings): number {
  if (memory === undefined) return defaultMemory();
  const least = minimumMemory(edges);
  if (memory >= least) return memory;
  const size = `${Math.ceil(least / 2 ** 20)}M`;
  throw invalid(`--memory must be at least ${size} for ${edges} edges: --memory ${size}, or fewer --edges`);
}

function checkTtl(ttlMs: number | null, maxTtlMs: number | null): void {
  if (maxTtlMs === null || (ttlMs !== null && ttlMs <= maxTtlMs)) return;
  throw invalid("--ttl is longer than --max-ttl allows: raise --max-ttl, or use its value for --ttl as well");
}

function limitsOf(changes: Settings["limit"], isPublic: boolean): Limits {
  const defaults = isPublic ? { ...DEFAULT_LIMITS, ...PUBLIC_LIMITS } : DEFAULT_LIMITS;
  const limits = { ...defaults, ...Object.fromEntries(changes) };
  if (limits.cpuMs > limits.wallMs)
    throw invalid(`CPU time cannot exceed the time as a whole: --limit wallMs=${limits.cpuMs}`);
  if (limits.concurrentSubrequests > limits.subrequests) {
    throw invalid(`More requests at once than in total: --limit concurrentSubrequests=${limits.subrequests}`);
  }
  return limits;
}

function fromVariables(variables: Environment["variables"]): Record<string, unknown> {
  const settings = new Map(SETTINGS.map((setting) => [variableOf(setting.name), setting]));
  const entries = Object.entries(variables).filter(([name]) => !OTHER_VARIABLES.includes(name));
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const setting = settings.get(name);
      if (setting === undefined)
        throw invalid(`There is no variable ${name}${hint(name, [...settings.keys(), ...OTHER_VARIABLES])}`);
      return [
        setting.name,
        setting.repeatable === true ? value.split(",").map((part) => part.trim()) : value,
      ];
    }),
  );
}

function variableOf(name: string): string {
  return VARIABLE_PREFIX + name.toUpperCase().replaceAll("-", "_");
}

function readFile(path: string): Record<string, unknown> {
  const text = readFileText(path, "--config");
  try {
    return stringifyNumbers(parseToml(text));
  } catch (error) {
    throw invalid(
      `${path} is not TOML: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
    );
  }
}

/** Values of the file may be bare numbers where the schema reads text: `listen = 8080`. */
function stringifyNumbers(table: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).map(([key, value]) => [key, typeof value === "number" ? String(value) : value]),
  );
}

function readable(path: string, flag: string): string {
  readFileText(path, flag);
  return isAbsolute(path) ? path : resolve(path);
}

/** The path of a file that holds PEM certificates. */
function certificates(path: string, flag: string): string {
  const text = readFileText(path, flag);
  if (!holdsCertificate(text)) throw invalid(`${flag}: ${path} holds no PEM certificate`);
  return path;
}

function readFileText(path: string, flag: string): string {
  try {
    // A pipe or a device may never end.
    if (statSync(path).isFile()) return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw invalid(`${flag}: cannot read ${path}: ${fileProblem(code ?? "unknown error").reason}`);
  }
  throw invalid(`${flag}: cannot read ${path}: it is not a file`);
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") {
    return issue.keys
      .map(
        (key) =>
          `There is no setting "${key}"${hint(
            key,
            SETTINGS.map((setting) => setting.name),
          )}`,
      )
      .join("\n");
  }
  return schemaProblem({ ...issue, path: [`--${String(issue.path[0])}`] }, "The configuration");
}

function hint(word: string, known: readonly string[]): string {
  const match = nearest(word, known);
  return match === undefined ? "" : `; did you mean ${match}?`;
}

function invalid(reason: string): TerrariumError {
  return new TerrariumError("TER_CONFIG_INVALID", { reason });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
