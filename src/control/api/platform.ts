// What the routes depend on: one object, created by the supervisor.
import type { LanguageState } from "../../api/index.ts";
import type { Config } from "../../config/index.ts";
import type { SourceFrame } from "../../compiler-host/index.ts";
import type { RequestRecord } from "../../edge/index.ts";
import type { DeploymentId, Store } from "../../store/types.ts";
import type { AppSettings } from "../apps/app-settings.ts";
import type { Apps } from "../apps/apps.ts";
import type { Deployments } from "../deployments/deployments.ts";
import type { PublicPorts } from "../deployments/urls.ts";
import type { Parser } from "../parsing/parser.ts";
import type { EdgeFigures } from "../metrics/ledger.ts";
import type { Templates } from "../templates/templates.ts";
import type { UploadBudget } from "./upload-budget.ts";

export interface Platform {
  readonly config: Config;
  readonly store: Store;
  readonly deployments: Deployments;
  readonly apps: Apps;
  readonly appSettings: AppSettings;
  readonly uploads: UploadBudget;
  readonly templates: Templates;
  /** Reads what strangers send, in a process of its own. */
  readonly parser: Pick<Parser, "parse">;
  /** The platform's time, which every `…AtMs` of records and logs follows. */
  readonly now: () => number;
  /** A moment of the platform's time as the machine's clock shows it, in ISO 8601. */
  readonly isoOf: (atMs: number) => string;
  readonly ports: PublicPorts;
  readonly operatorToken: string;
  readonly version: string;
  readonly startedAtMs: number;
  /**
   * Begins to end, for a successor with the code, settings and certificates of now. Throws TER_CONFIG_INVALID
   * if they are wrong, TER_CANNOT_RELOAD without a launcher.
   */
  readonly reload: () => Promise<void>;
  /** PEM of the local authority; null with the operator's own certificates or without TLS. */
  readonly caPem: string | null;
  /** Folder of the built studio; null if it has not been built. */
  readonly studioDir: string | null;
  /** The edges' records of a deployment's last requests, oldest first; they record this many more. */
  readonly records: (id: DeploymentId, further: number) => Promise<readonly RequestRecord[]>;
  /** Source locations of offsets into a module as built. */
  readonly symbolize: (
    wasm: Uint8Array,
    offsets: readonly number[],
  ) => Promise<readonly (readonly SourceFrame[])[]>;
  /** A module in the text format. Throws TER_MODULE_TEXT_*, TER_WASM_INVALID, TER_TOO_MANY. */
  readonly moduleText: (wasm: Uint8Array, signal: AbortSignal) => Promise<string>;
  /** Since when and why a deployment runs in its own edge; null if it does not. */
  readonly quarantine: (
    id: DeploymentId,
  ) => { readonly sinceMs: number; readonly reason: string; readonly edge: string } | null;
  /** Metrics of the edges; those of edges that ended are reported once. */
  readonly series: () => Promise<EdgeFigures>;
  readonly languages: () => Promise<readonly LanguageState[]>;
  /** True once the edges listen. */
  readonly isReady: () => boolean;
  readonly edges: () => readonly {
    readonly name: string;
    readonly pid: number | undefined;
    readonly listening: boolean;
  }[];
  readonly log: { readonly error: (details: object, text: string) => void };
}
