// Request bodies, read whole within a limit.
import { TerrariumError } from "../../errors/index.ts";
import { parseJson } from "../parsing/json.ts";

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

/** How many bytes a body may come to: what it announces, or the most that is allowed. */
export function bodyBytesOf(request: Request, maxBytes: number): number {
  const announced = request.headers.get("content-length");
  return announced === null ? maxBytes : Math.min(Number(announced), maxBytes);
}

/** The body as JSON. Throws TER_BAD_REQUEST, TER_BODY_TOO_LARGE. */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  return parseJson(await readBodyBytes(request, maxBytes));
}

/** JSON around the archive: names, flags, braces. */
const JSON_OVERHEAD_BYTES = 64 * 1024;

/** Largest JSON body that can hold an archive of the allowed size. */
export function maxDeployJsonBytes(uploadBytes: number): number {
  return Math.ceil((uploadBytes * 4) / 3) + JSON_OVERHEAD_BYTES;
}
