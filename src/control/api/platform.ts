// What the routes stand on: one object, made by the supervisor.
import type { DeploymentView, LanguageState } from "../../api/index.ts";
import type { Config } from "../../config/index.ts";
import type { SourceFrame } from "../../compiler-host/index.ts";
import type { RequestRecord } from "../../edge/index.ts";
import type { DeploymentId, Store } from "../../store/types.ts";
import type { Deployments } from "../deployments/deployments.ts";
import { type PublicPorts, urlsOf } from "../deployments/urls.ts";
import type { EdgeFigures } from "../metrics/ledger.ts";
import type { Templates } from "../templates/templates.ts";
import { viewDeployment } from "./views.ts";
import type { DeploymentRecord } from "../../store/types.ts";

export interface Platform {
  readonly config: Config;
  readonly store: Store;
  readonly deployments: Deployments;
  readonly templates: Templates;
  readonly now: () => number;
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
  /** Folder of the built studio; null if it is not there. */
  readonly studioDir: string | null;
  /**
   * What the edges recorded of a deployment's last requests, oldest first; they record this many further
   * ones.
   */
  readonly records: (id: DeploymentId, further: number) => Promise<readonly RequestRecord[]>;
  /** Source places of offsets into a module as it was built. */
  readonly symbolize: (
    wasm: Uint8Array,
    offsets: readonly number[],
  ) => Promise<readonly (readonly SourceFrame[])[]>;
  /** A module in the text format. Throws TER_MODULE_TEXT_*, TER_WASM_INVALID, TER_TOO_MANY. */
  readonly moduleText: (wasm: Uint8Array, signal: AbortSignal) => Promise<string>;
  /** Since when and why a deployment runs in an edge of its own; null if it does not. */
  readonly quarantine: (
    id: DeploymentId,
  ) => { readonly sinceMs: number; readonly reason: string; readonly edge: string } | null;
  /** Figures of the edges; of those that ended, once. */
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

/** A record as the API shows it. */
export function viewOf(platform: Platform, record: DeploymentRecord): DeploymentView {
  return viewDeployment(
    record,
    urlsOf(platform.config, platform.ports, record.id),
    platform.now(),
    platform.quarantine(record.id),
  );
}
