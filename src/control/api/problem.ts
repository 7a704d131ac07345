// Errors as RFC 9457 problem details.
import { TerrariumError } from "../../errors/index.ts";
import { asTerrariumError } from "../deployments/pipeline.ts";

/**
 * The response that an error becomes. What is not in the catalogue is our bug and says nothing of its inside.
 */
export function problemResponse(cause: unknown): Response {
  const error =
    cause instanceof TerrariumError
      ? cause
      : asTerrariumError(new Error("an unexpected error, see the server's log"));
  const headers = new Headers({ "content-type": "application/problem+json" });
  if (error.status === 401) headers.set("www-authenticate", 'Bearer realm="terrarium"');
  if (error.status === 429 || error.status === 503) headers.set("retry-after", "5");
  return new Response(JSON.stringify(error.toProblem()), { status: error.status, headers });
}
