// A deployment's module, as built: a description, the text, or the binary.
import { SHOW_MODULE } from "../../../api/index.ts";
import { TerrariumError } from "../../../errors/index.ts";
import { implement, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";
import { existingDeployment } from "./deployment-params.ts";

/** The operation on a deployment's module. */
export function moduleOperations(platform: Platform): Operation[] {
  const show = implement(SHOW_MODULE, async ({ context, params, query, answer }) => {
    const { id } = await existingDeployment(platform, params.id);
    const manifest = await platform.store.artifacts.get(id);
    const wasm = manifest === undefined ? undefined : await platform.store.artifacts.blob(manifest.original);
    if (wasm === undefined) throw new TerrariumError("TER_NO_MODULE", { id });
    if (query.format === "json") return answer(200, await platform.parser.parse("module", { wasm }));
    // A browser must never show this as a page of this origin: the names in it are the tenant's.
    const headers = { "content-disposition": "attachment", "cache-control": "no-store" };
    if (query.format === "wasm")
      return new Response(Buffer.from(wasm), { headers: { ...headers, "content-type": "application/wasm" } });
    return new Response(await platform.moduleText(wasm, context.req.raw.signal), {
      headers: { ...headers, "content-type": "text/plain; charset=utf-8" },
    });
  });
  return [show];
}
