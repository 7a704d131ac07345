// Messages between supervisor and edge over the IPC channel of `child_process.fork`. Plain JSON both ways.
// The entry point of the edge process is src/edge/main.ts; its first message is `start`. When the channel
// closes without `drain`, the supervisor has died: the edge keeps serving, asks `GET /internal/ready` at the
// control socket until the next supervisor's edges listen (200), then drains and exits; without a response it
// does so after the grace period.
import { join } from "node:path";
import type { Config } from "../../config/index.ts";
import type { WireError } from "../../errors/index.ts";
import type { Offence } from "../accounts/run-accounts.ts";
import type { Series } from "../accounts/series.ts";
import type { LeafCertificate } from "../tls/leaf-certificate.ts";
import type { DeploymentId } from "../../store/types.ts";
import type { RequestRecord } from "../records/request-record.ts";

/** File in which an edge that has to be killed leaves the id of the deployment it is stuck with. */
export function stuckFileOf(folder: string): string {
  return join(folder, "stuck");
}

/** Unix socket that an edge opens for requests that its peers forward. */
export function peerSocketOf(folder: string): string {
  return join(folder, "peer.sock");
}

/** Supervisor to edge. */
export type ToEdge =
  | {
      readonly kind: "start";
      /** Unique among living members: `edge-1`. */
      readonly name: string;
      readonly config: Config;
      /** The platform's time when the machine's monotonic clock was at 0. */
      readonly clockBaseMs: number;
      /** The edge's own folder. */
      readonly folder: string;
      /** The edge's process id as others see it; null if that is not known. */
      readonly pid: number | null;
      /** Unix socket of the control API; requests to the bare domain go there. */
      readonly controlSocket: string;
      /**
       * True for the edge of a quarantined deployment: it opens no ports, and its peers forward requests to
       * it.
       */
      readonly apart: boolean;
      /** Keys of TLS session tickets, in base64. */
      readonly ticketKeys: string;
    }
  /** From now on new session tickets have these keys, in base64. */
  | { readonly kind: "ticket-keys"; readonly ticketKeys: string }
  /** A socket from the supervisor for the edge to listen on comes with this message. */
  | { readonly kind: "socket"; readonly name: "http" | "https" }
  /** Listen on the sockets received before, or on the configured addresses, and answer `ready`. */
  | { readonly kind: "listen" }
  /** To be answered by `pong` from the event loop: an edge that does not is killed. */
  | { readonly kind: "ping"; readonly token: number }
  /** Load and compile a deployment now, and answer `loaded`. */
  | { readonly kind: "load"; readonly token: number; readonly id: DeploymentId }
  /** Answer `records` with the last requests of a deployment, and record this many more. */
  | { readonly kind: "records"; readonly token: number; readonly id: DeploymentId; readonly further: number }
  /** The certificate that was asked for, or why there is none. */
  | {
      readonly kind: "certificate";
      readonly token: number;
      readonly leaf: LeafCertificate | WireError;
    }
  /** Answer `series`. */
  | { readonly kind: "series"; readonly token: number }
  /** From now on a deployment runs in the edge behind this socket; null: in any edge. */
  | { readonly kind: "route"; readonly id: DeploymentId; readonly socketPath: string | null }
  /** From now on this version answers at the app's address; answer `switched`. */
  | {
      readonly kind: "switch";
      readonly token: number;
      readonly app: string;
      readonly id: DeploymentId | null;
      readonly switchNumber: number;
    }
  /** A deployment is gone: forget it. */
  | { readonly kind: "removed"; readonly id: DeploymentId }
  /** Stop accepting, finish what is under way within the grace period, then exit 0. */
  | { readonly kind: "drain"; readonly graceMs: number };

/** Edge to supervisor. */
export type FromEdge =
  /** Listening. */
  | { readonly kind: "ready"; readonly httpPort: number; readonly httpsPort: number | null }
  /** Cannot listen or open the store: the edge then exits with 1. */
  | { readonly kind: "failed"; readonly error: WireError }
  | { readonly kind: "pong"; readonly token: number }
  /** Sign a certificate for these names, and answer `certificate`. */
  | { readonly kind: "sign"; readonly token: number; readonly names: readonly string[] }
  | { readonly kind: "records"; readonly token: number; readonly records: readonly RequestRecord[] }
  | { readonly kind: "series"; readonly token: number; readonly series: Series }
  | { readonly kind: "switched"; readonly token: number }
  /** The metrics of an edge that shuts down, sent once nothing runs any more. */
  | { readonly kind: "last-series"; readonly series: Series }
  /** A deployment takes more than its fair share of CPU. */
  | { readonly kind: "offence"; readonly id: DeploymentId; readonly offence: Offence }
  | {
      readonly kind: "loaded";
      readonly token: number;
      readonly error: WireError | null;
    };
