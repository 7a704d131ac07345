// The configuration of `terrarium serve`: one strict schema. A key is a flag (`--max-ttl`), a variable
// (`TERRARIUM_MAX_TTL`) and a key of the configuration file (`max-ttl`) at once.
import { availableParallelism } from "node:os";
import { z } from "zod";
import { isNetwork, parseListenAddress, parseResolveRule } from "./address.ts";
import { parseByteSize } from "./byte-size.ts";
import { parseDuration } from "./duration.ts";
import { LIMITS, type LimitName } from "./limits.ts";

/**
 * What goes with each key: the flag's placeholder (none for a switch), its unit or format, and a sentence.
 */
interface SettingInfo {
  readonly placeholder: string | null;
  readonly summary: string;
  /** May be given several times; in a variable, separated by commas. */
  readonly repeatable?: boolean;
}

/** From the most talkative to none. */
const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** More edges than this gain nothing: each is a process with its own heap. */
const MAX_EDGES = 64;

const address = z.string().transform((text, context) => {
  return (
    parseListenAddress(text) ??
    refuse(context, `"${text}" is not HOST:PORT, as in 127.0.0.1:8080 or [::1]:8080`)
  );
});

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  return ms === undefined
    ? refuse(context, `"${text}" is not a duration such as 90s, 5m, 2h, 7d or never`)
    : ms;
});

const byteSize = z.string().transform((text, context) => {
  return parseByteSize(text) ?? refuse(context, `"${text}" is not a size such as 512M or 2G`);
});

const domain = z
  .string()
  .toLowerCase()
  .regex(/^(?=.{1,200}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/, {
    error: ({ input }) => `"${String(input)}" is not a host name such as localhost or example.org`,
  })
  .refine((name) => !/(^|\.)\d+$/.test(name), {
    error: ({ input }) => `"${String(input)}" is an address; deployments are subdomains, so a name is needed`,
  });

const limit = z.string().transform((text, context) => {
  const [name = "", value = "", ...rest] = text.split("=");
  const known = Object.hasOwn(LIMITS, name) ? LIMITS[name as LimitName] : undefined;
  if (known === undefined)
    return refuse(context, `there is no limit "${name}"; \`terrarium limits\` lists them`);
  const number = Number(value);
  if (rest.length > 0 || !/^\d+$/.test(value) || number < 1)
    return refuse(context, `"${text}" is not NAME=VALUE with a whole number`);
  if (number > known.ceiling)
    return refuse(
      context,
      `${name} is at most ${known.ceiling} ${known.unit}: --limit ${name}=${known.ceiling}`,
    );
  return [name as LimitName, number] as const;
});

const rule = z.string().transform((text, context) => {
  return (
    parseResolveRule(text) ??
    refuse(context, `"${text}" is not NAME:PORT:ADDR[:PORT], as in api.example.com:443:127.0.0.1:9443`)
  );
});

/** A switch: a bare flag, or a word in a variable or the file. */
const toggle = z
  .union(
    [z.boolean(), z.stringbool({ truthy: ["1", "true", "on", "yes"], falsy: ["0", "false", "off", "no"] })],
    "must be on or off",
  )
  .default(false);
const publicUrl = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`)
    return refuse(context, `"${text}" is not an address such as https://edge.example.com`);
  return url.origin;
});
const network = z.string().refine(isNetwork, {
  error: (issue) => `"${String(issue.input)}" is not a network such as 10.0.0.0/8 or fd00::/8`,
});
const count = (most: number) => z.coerce.number().int().min(1).max(most);
const several = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (typeof value === "string" ? [value] : value), z.array(item));

/** The schema. Unknown keys are refused; missing keys get their defaults. */
export const settingsSchema = z.strictObject({
  listen: setting(
    address.prefault("127.0.0.1:8080"),
    "<host:port>",
    "HTTP address; port 0 picks a free port",
  ),
  "listen-tls": setting(
    address.optional(),
    "<host:port>",
    "HTTPS and HTTP/2 address (default: 127.0.0.1:8443)",
  ),
  domain: setting(
    domain.optional(),
    "<name>",
    "domain of the API and the studio; deployments are its subdomains (default: the host of " +
      "--public-url, or localhost)",
  ),
  public: setting(
    toggle,
    null,
    "serve strangers: require tokens, apply quotas, and limit CPU to 50 ms and lifetime to 1 h; implied by " +
      "a listener beyond loopback and by a domain other than localhost",
  ),
  "trust-proxy": setting(
    several(network).prefault([]),
    "<cidr>",
    "network of your own reverse proxies: their X-Forwarded-For, -Proto, -Host and Forwarded headers are " +
      "believed; implies --public",
    true,
  ),
  "proxy-protocol": setting(
    toggle,
    null,
    "expect the PROXY protocol, version 1 or 2, on connections from --trust-proxy",
  ),
  "public-url": setting(
    publicUrl.optional(),
    "<url>",
    "URL at which clients reach the API and the studio; deployments get the same port and scheme",
  ),
  "api-host": setting(
    several(domain).prefault([]),
    "<name>",
    "additional host name for the API and the studio",
    true,
  ),
  data: setting(
    z.string().min(1).optional(),
    "<dir>",
    "data directory: deployments, apps, stores, logs, keys (default: ~/.local/share/terrarium)",
  ),
  edges: setting(
    count(MAX_EDGES).default(Math.min(2, availableParallelism())),
    "<n>",
    "number of edge processes, which serve the requests",
  ),
  memory: setting(
    byteSize.optional(),
    "<size>",
    "memory that all processes may use together, such as 2G; requests are refused before it is exceeded " +
      "(default: 70 % of what the machine or the control group has)",
  ),
  store: setting(
    z.string().min(1).default("sqlite"),
    "<backend>",
    "storage backend for deployments and their stores",
  ),
  durability: setting(
    z.enum(["process", "power"]).default("process"),
    "<process|power>",
    "what an acknowledged write survives: a killed process, or a power failure too",
  ),
  ttl: setting(duration.prefault("5m"), "<duration>", "default time to live of a deployment"),
  "max-ttl": setting(
    duration.optional(),
    "<duration>",
    "longest time to live a deploy may request (default: never, which is unlimited; with --public: 1h)",
  ),
  tls: setting(
    z.enum(["auto", "off", "files"]).optional(),
    "<auto|off|files>",
    "where certificates come from: a local authority, nowhere (no HTTPS), or --cert and --key",
  ),
  cert: setting(
    z.string().min(1).optional(),
    "<file>",
    "PEM certificate chain for the domain and its subdomains",
  ),
  key: setting(z.string().min(1).optional(), "<file>", "PEM private key of --cert"),
  "allow-net": setting(
    several(network).prefault([]),
    "<cidr>",
    "non-public network that programs may reach",
    true,
  ),
  resolve: setting(
    several(rule).prefault([]),
    "<rule>",
    "send programs' requests for NAME:PORT to ADDR; a rule is NAME:PORT:ADDR[:PORT]",
    true,
  ),
  cacert: setting(
    several(z.string().min(1)).prefault([]),
    "<file>",
    "PEM file of a certificate authority that programs' HTTPS requests trust",
    true,
  ),
  dns: setting(address.optional(), "<addr:port>", "DNS server for programs (default: the system's)"),
  limit: setting(
    several(limit).prefault([]),
    "<name=value>",
    "change a limit, up to its ceiling; `terrarium limits` lists them",
    true,
  ),
  quotas: setting(
    z.enum(["auto", "on", "off"]).default("auto"),
    "<auto|on|off>",
    "quotas per source address; auto turns them on with --public",
  ),
  "quota-builds": setting(count(1000).default(1), "<n>", "concurrent builds per source address"),
  "quota-live": setting(count(100_000).default(10), "<n>", "live deployments per source address"),
  "quota-hourly": setting(count(1_000_000).default(30), "<n>", "deploys per source address and hour"),
  "quota-apps": setting(count(100_000).default(10), "<n>", "apps per source address"),
  "allow-registry": setting(
    toggle,
    null,
    "let Rust projects use any crate of the registry; build scripts run on this machine, in the sandbox",
  ),
  "unsafe-no-sandbox": setting(
    toggle,
    null,
    "run edges without a sandbox, with all rights of the server; a public server needs this to start where " +
      "no sandbox can be had",
  ),
  "deploy-token": setting(
    z.string().min(16, "must have at least 16 characters").optional(),
    "<token>",
    "token that every deploy must send",
  ),
  inspect: setting(
    z.enum(["on", "off"]).default("on"),
    "<on|off>",
    "keep records of a deployment's last requests, for those who may manage it",
  ),
  grace: setting(
    duration.prefault("10s"),
    "<duration>",
    "how long a shutdown waits for requests in progress",
  ),
  "log-level": setting(
    z.enum(LOG_LEVELS).default("info"),
    "<level>",
    `least severe messages to write to stderr: ${LOG_LEVELS.join(", ")}`,
  ),
});

/** What the schema yields. */
export type Settings = z.output<typeof settingsSchema>;
/** A key of the schema; its flag and variable are derived from it. */
type SettingName = keyof Settings;

/** All keys with their metadata, in the order of `--help`. */
export const SETTINGS = Object.entries(settingsSchema.shape).map(([name, schema]) => {
  const info = schema.meta() as unknown as SettingInfo;
  return { name: name as SettingName, ...info, summary: info.summary + defaultNote(schema) };
});

/** ` (default: 5m)` for a default that is a text or a number. */
function defaultNote({ def }: z.ZodType): string {
  const value: unknown = "defaultValue" in def ? def.defaultValue : undefined;
  return typeof value === "string" || typeof value === "number" ? ` (default: ${value})` : "";
}

function setting<T extends z.ZodType>(
  schema: T,
  placeholder: string | null,
  summary: string,
  repeatable = false,
): T {
  return schema.meta({ placeholder, summary, repeatable });
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}
