// What a bad input is and what it gets: the rows of docs/reference/refusals.md, each tried by
// tests/e2e/refusals.test.ts.
import type { ErrorCode } from "../../src/errors/index.ts";
import type { Sources } from "../e2e/programs.ts";

/** What the client sees. */
export interface Refusal {
  /** HTTP status of the answer; `POST /deploy` and `GET /status` answer 200 whatever they say. */
  readonly status: number;
  /**
   * Name of the error in the header `x-terrarium-error`; undefined where a program passes an error's text on.
   */
  readonly code: ErrorCode | undefined;
  /** The first line of the message, word for word. */
  readonly message: string;
}

/** Sent to `POST /deploy`; the message comes from `GET /status/<id>`. */
export interface DeployCase extends Refusal {
  readonly input: string;
  /** The body, or what becomes its JSON. */
  /** What a later line of the message says. */
  readonly location?: string;
  readonly body: () => string | object | Promise<object>;
}

/** A program that is deployed and then asked. */
export interface RunCase {
  readonly input: string;
  readonly sources: Sources;
  /** Status of the answer where the program goes on; 200 if left out. */
  readonly answers?: number;
  /** Null: the hostcall answers this way and the program goes on. */
  readonly gets: Refusal | string;
}

/** A request that reaches no program. Bytes are sent as they are. */
export interface RequestCase extends Refusal {
  readonly input: string;
  /** `host` is that of a deployment that answers everything. */
  readonly bytes: (host: string) => string;
}

/** Limits that the platform of these tests is started with, so that small inputs reach them. */
export const LIMITS = {
  uploadBytes: 100_000,
  unpackedBytes: 60_000,
  archiveEntries: 20,
  moduleBytes: 40_000,
  memoryPages: 64,
  tableEntries: 1000,
  cpuMs: 300,
  wallMs: 8000,
  urlBytes: 500,
  headerCount: 20,
  headerBytes: 2000,
  requestBodyBytes: 1000,
  responseBodyBytes: 2000,
  subrequests: 2,
  concurrentSubrequests: 2,
  handles: 4,
  keyValueOperations: 6,
  keyBytes: 20,
  valueBytes: 1000,
  keyValueKeys: 3,
  keyValueBytes: 1500,
  copyBytes: 40_000,
  heldBytes: 30_000,
  dnsQueries: 1,
} as const;
