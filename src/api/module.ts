// A deployment's module, as built.
import { z } from "zod";
import { deploymentParams } from "./deployments.ts";
import { endpoint, json, type View } from "./endpoint.ts";

const kind = z.enum(["function", "table", "memory", "global", "tag"]);
const bytes = z.int().describe("Bytes");

const moduleInfo = z
  .object({
    bytes,
    sections: z.array(z.object({ title: z.string(), offset: bytes, size: bytes })),
    imports: z.array(z.object({ module: z.string(), name: z.string(), kind, type: z.string().nullable() })),
    exports: z.array(z.object({ name: z.string(), kind, index: z.int(), type: z.string().nullable() })),
    memories: z.array(z.object({ initialPages: z.int(), maximumPages: z.int().nullable() })),
    tables: z.array(z.object({ type: z.string(), initial: z.int(), maximum: z.int().nullable() })),
    globals: z.array(z.object({ type: z.string(), mutable: z.boolean(), name: z.string().nullable() })),
    start: z.int().nullable().describe("Index of the start function"),
    dataSegments: z.array(z.object({ mode: z.string(), address: z.int().nullable(), size: bytes })),
    elementSegments: z.array(z.object({ mode: z.string(), table: z.int(), count: z.int() })),
    functions: z
      .array(
        z.object({
          index: z.int(),
          name: z.string().nullable(),
          type: z.string(),
          offset: bytes,
          size: bytes,
        }),
      )
      .describe("Functions with a body"),
    customSections: z.array(z.string()),
    features: z.array(z.string()).describe("Proposals beyond WebAssembly 1.0 that the code uses"),
  })
  .meta({ id: "ModuleInfo" });
export type ModuleView = View<typeof moduleInfo>;

export const SHOW_MODULE = endpoint({
  method: "get",
  path: "/api/v1/deployments/{id}/module",
  id: "showModule",
  tag: "module",
  summary: "The module as it was built: described, as text, or its bytes",
  access: "deployment",
  params: deploymentParams,
  query: z.strictObject({ format: z.enum(["json", "wat", "wasm"]).default("json") }),
  answers: {
    200: {
      description: "The module",
      content: { ...json(moduleInfo), "text/plain": null, "application/wasm": null },
    },
  },
  problems: {
    404: "There is no such deployment, or it has no module",
    413: "It is too large to be shown as text",
    422: "Its text is too large, or takes too long to write",
    429: "Too many others wait for a module's text",
  },
});
