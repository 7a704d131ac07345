// Errors as RFC 9457 problem details.
import { Reason, asTerrariumError, TerrariumError, toProblem } from "../../errors/index.ts";

/**
 * The response for an error. What is not in the catalogue is a bug in Terrarium, and its details stay inside.
 */
export function problemResponse(cause: unknown): Response {
  const error = cause instanceof TerrariumError ? cause : asTerrariumError(new Reason("unexpected error"));
  const headers = new Headers({ "content-type": "application/problem+json" });
  if (error.status === 401) headers.set("www-authenticate", 'Bearer realm="terrarium"');
  if (error.status === 405) headers.set("allow", String(error.details["allow"]));
  if (error.status === 429 || error.status === 503) headers.set("retry-after", "5");
  return new Response(JSON.stringify(toProblem(error)), { status: error.status, headers });
}
