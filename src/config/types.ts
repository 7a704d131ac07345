// The configuration in force: parsed once from flags and TERRARIUM_* variables, frozen, passed to every
// process as JSON.
import type { Limits } from "./limits.ts";

/** A TCP address to listen on. Port 0 picks a free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `--resolve NAME:PORT:ADDR[:PORT]`: guests' requests to NAME:PORT go to ADDR:PORT, public or not. */
export interface ResolveRule {
  readonly name: string;
  readonly port: number;
  readonly address: string;
  readonly toPort: number;
}

/** What one source address may do; null in the configuration where quotas are off. */
export interface SourceQuotas {
  readonly buildsAtOnce: number;
  readonly liveDeployments: number;
  readonly deploysPerHour: number;
  readonly apps: number;
}

export interface Config {
  readonly listen: ListenAddress;
  /** Null: no HTTPS. */
  readonly listenTls: ListenAddress | null;
  /** Bare domain of API and studio; deployments are its subdomains. */
  readonly domain: string;
  /** Further names at which the API answers, in lower case. */
  readonly apiHosts: readonly string[];
  /** Absolute path. */
  readonly dataDir: string;
  readonly edges: number;
  /** Memory of all processes of the platform, in bytes; `memoryPlan` divides it. */
  readonly memoryBytes: number;
  /** What acknowledged writes to stores outlive. Deploys, keys and tokens outlive both. */
  readonly durability: "process" | "power";
  /** Name of a backend in `src/store/backends.ts`, with its parameters after a colon. */
  readonly store: string;
  /** Null: never. */
  readonly ttlMs: number | null;
  /** Longest time to live that a deploy may ask for; null: "never" is allowed. */
  readonly maxTtlMs: number | null;
  readonly tls:
    | { readonly kind: "auto" }
    | { readonly kind: "off" }
    | { readonly kind: "files"; readonly cert: string; readonly key: string };
  /** CIDR blocks of the operator's proxies, whose word about clients counts. */
  readonly trustProxy: readonly string[];
  /** Their connections begin with the PROXY protocol. */
  readonly proxyProtocol: boolean;
  /** Origin at which the world sees the API, `https://edge.example.com`; null: as it listens. */
  readonly publicUrl: string | null;
  /** CIDR blocks that guests may reach although they are not public. */
  readonly allowNet: readonly string[];
  readonly resolve: readonly ResolveRule[];
  /** PEM files with additional authorities that guests' HTTPS requests trust. */
  readonly caFiles: readonly string[];
  /** DNS server for guests; null: the system's. */
  readonly dns: ListenAddress | null;
  readonly limits: Limits;
  /** Per source address; null: off (the default where only this machine can connect). */
  readonly quotas: SourceQuotas | null;
  /** Every deploy must present it; null: anyone may deploy. */
  readonly deployToken: string | null;
  /** What Rust builds may do. */
  readonly rust: {
    /** Projects may use crates from the registry. */
    readonly allowRegistry: boolean;
    /** Refuse to build without a sandbox: true where other machines can connect. */
    readonly requireSandbox: boolean;
  };
  /** Strangers may connect: managing needs tokens, and quotas and tighter limits hold. */
  readonly public: boolean;
  /** The sandbox of edges: what to do where there is none, or `off` to run without. */
  readonly sandbox: "required" | "preferred" | "off";
  /** A deployment's last requests are recorded for whoever may manage it. */
  readonly inspect: boolean;
  /** Time that requests in flight get at shutdown. */
  readonly graceMs: number;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
}
