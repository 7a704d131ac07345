// A deployment's module, as it was built: described, as text, or as it is.
import { z } from "zod";
import { TerrariumError } from "../../../errors/index.ts";
import { inspectModule } from "../../../wasm/index.ts";
import { defineOperation, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";
import { problemSchema } from "../views.ts";
import { existingDeployment, idParams } from "./deployment-params.ts";

const moduleQuery = z.strictObject({ format: z.enum(["json", "wat", "wasm"]).default("json") });

/** The operation on a deployment's module. */
export function moduleOperations(platform: Platform): Operation[] {
  const show = defineOperation({
    method: "get",
    path: "/api/v1/deployments/{id}/module",
    id: "showModule",
    summary:
      "The module as it was built: sections, imports, exports and " +
      "functions with their sizes, its text, or its bytes",
    access: "deployment",
    params: idParams,
    query: moduleQuery,
    answers: {
      200: {
        description: "The module",
        schema: z.looseObject({ bytes: z.number() }),
        contentTypes: ["text/plain", "application/wasm"],
      },
      413: { description: "It is too large to be shown as text", schema: problemSchema },
      422: { description: "Its text is too large, or takes too long to write", schema: problemSchema },
    },
    handle: async ({ context, params, query }) => {
      const { id } = await existingDeployment(platform, params.id);
      const manifest = await platform.store.artifacts.get(id);
      const wasm =
        manifest === undefined ? undefined : await platform.store.artifacts.blob(manifest.original);
      if (wasm === undefined) throw new TerrariumError("TER_NO_MODULE", { id });
      if (query.format === "json") return Response.json(inspectModule(wasm));
      // Never shown by a browser as a page of this origin: the names in it are the tenant's.
      const headers = { "content-disposition": "attachment", "cache-control": "no-store" };
      if (query.format === "wasm")
        return new Response(Buffer.from(wasm), {
          headers: { ...headers, "content-type": "application/wasm" },
        });
      return new Response(await platform.moduleText(wasm, context.req.raw.signal), {
        headers: { ...headers, "content-type": "text/plain; charset=utf-8" },
      });
    },
  });
  return [show];
}
