// Request bodies, read whole within a limit.
import { TerrariumError } from "../../errors/index.ts";

/** The body's bytes. Throws TER_BODY_TOO_LARGE before it holds more than allowed. */
export async function readBodyBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > maxBytes) throw new TerrariumError("TER_BODY_TOO_LARGE", { allowed: maxBytes });
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new TerrariumError("TER_BODY_TOO_LARGE", { allowed: maxBytes });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body as JSON. Throws TER_BAD_REQUEST, TER_BODY_TOO_LARGE. */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const bytes = await readBodyBytes(request, maxBytes);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new TerrariumError("TER_BAD_REQUEST", { reason: "The body is not JSON in UTF-8" });
  }
}
