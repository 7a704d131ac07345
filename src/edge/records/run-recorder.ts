// Collects the record of one request while it is served.
import type { TrapFrame, Usage } from "../../engine/index.ts";
import type { TerrariumError } from "../../errors/index.ts";
import { RunTrace } from "../../hostcalls/index.ts";
import type { RecordedLine, RequestRecord } from "./request-record.ts";

const MAX_LINES = 100;
const MAX_PATH_CHARACTERS = 500;

/** The request that is recorded. */
export interface RecordedRequest {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
}

export class RunRecorder {
  readonly trace = new RunTrace();
  readonly #atMs: number;
  readonly #log: RecordedLine[] = [];
  #usage: Usage | null = null;
  #frames: readonly TrapFrame[] = [];
  #error: TerrariumError | null = null;

  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  line(source: string, text: string): void {
    if (this.#log.length < MAX_LINES) this.#log.push({ ms: this.trace.elapsed(), source, text });
  }

  /** The run is over. */
  ended(usage: Usage, frames: readonly TrapFrame[]): void {
    this.#usage = usage;
    this.#frames = frames;
  }

  failed(error: TerrariumError): void {
    this.#error = error;
  }

  /** The record, once the response was sent. */
  record({ id, method, path, body }: RecordedRequest, status: number, responseBytes: number): RequestRecord {
    const error = this.#error;
    const frames = this.#frames.map(({ functionName, offset }) => ({ functionName, offset }));
    return {
      id,
      answeredBy: "program",
      atMs: this.#atMs,
      method,
      path: path.slice(0, MAX_PATH_CHARACTERS),
      status,
      requestBytes: body.length,
      responseBytes,
      usage: this.#usage,
      calls: this.trace.calls,
      callsLeftOut: this.trace.left,
      log: this.#log,
      fault: error === null ? null : { code: error.code, message: error.message, frames },
    };
  }
}

/** The record of a request for an asset. */
export function assetRecord(
  { id, method, path, body }: RecordedRequest,
  atMs: number,
  status: number,
  responseBytes: number,
): RequestRecord {
  const nothing = { usage: null, calls: [], callsLeftOut: 0, log: [], fault: null };
  return {
    id,
    answeredBy: "asset",
    atMs,
    method,
    path: path.slice(0, MAX_PATH_CHARACTERS),
    status,
    requestBytes: body.length,
    responseBytes,
    ...nothing,
  };
}
