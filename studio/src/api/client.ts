// Speaks to the server that serves this page. Every failure becomes an ApiError; whether the server answers
// at all is told to `connection`, so that the page can say so once.
import { connection } from "./connection.ts";
import type { Problem } from "../../../src/api/index.ts";

/** What a call sends. */
export interface Call {
  readonly method?: string;
  readonly token?: string | null | undefined;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: BodyInit;
  readonly signal?: AbortSignal | undefined;
}

/** What the page knows of a problem: some arise here, without the server. */
export type Trouble = Pick<Problem, "title" | "status" | "code"> & Partial<Pick<Problem, "fix" | "details">>;

/** A problem that the server named, or that it does not answer (`TER_UNREACHABLE`). */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: Problem["details"];

  constructor(problem: Trouble) {
    super(textOf(problem));
    this.name = "ApiError";
    this.code = problem.code;
    this.status = problem.status;
    this.details = problem.details ?? {};
  }
}

/** Calls the API. Throws ApiError; an aborted call throws what the signal was aborted with. */
export async function call(
  path: string,
  { method = "GET", token, accept, contentType, body, signal }: Call = {},
): Promise<Response> {
  const headers = new Headers();
  if (token !== undefined && token !== null) headers.set("authorization", `Bearer ${token}`);
  if (accept !== undefined) headers.set("accept", accept);
  if (contentType !== undefined) headers.set("content-type", contentType);
  const init = {
    method,
    headers,
    cache: "no-store",
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  } as const;
  const response = await fetch(`/api/v1${path}`, init).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    connection.lost();
    throw unreachable();
  });
  if (response.ok) {
    connection.found();
    return response;
  }
  throw await problemOf(response);
}

/** A JSON answer. */
export async function callJson<T>(path: string, options: Call = {}): Promise<T> {
  return (await (await call(path, options)).json()) as T;
}

/** Sends JSON, answers JSON. */
export async function sendJson<T>(
  path: string,
  method: string,
  value: unknown,
  token?: string | null,
): Promise<T> {
  return callJson<T>(path, { method, token, contentType: "application/json", body: JSON.stringify(value) });
}

/** The error that stands for a server that does not answer. */
export function unreachable(): ApiError {
  return new ApiError({ title: "The server does not answer", status: 0, code: "TER_UNREACHABLE" });
}

/** A problem as one text: what happened, and the fix. */
export function textOf({ title, fix = "" }: Trouble): string {
  if (fix === "") return title;
  return `${title}${title.includes("\n") ? "\n" : ". "}${fix}`;
}

async function problemOf(response: Response): Promise<ApiError> {
  const fallback = {
    title: `The server answered ${response.status}`,
    status: response.status,
    code: "TER_BAD_ANSWER",
  };
  const problem = ((await response.json().catch(() => null)) as Trouble | null) ?? fallback;
  if (problem.code === "TER_EDGE_CONTROL_UNREACHABLE") connection.lost();
  else connection.found();
  return new ApiError({ ...fallback, ...problem });
}
