// What this server is: version, limits, languages, templates.
import { z } from "zod";
import { LIMITS } from "../../../config/index.ts";
import { formatDuration } from "../../../config/duration.ts";
import { defineOperation, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";

const limitSchema = z.object({
  name: z.string(),
  value: z.number(),
  default: z.number(),
  ceiling: z.number(),
  unit: z.string(),
  summary: z.string(),
});
const limitsAnswer = z.object({ limits: z.array(limitSchema), ttl: z.string(), maxTtl: z.string() });
const languageSchema = z.object({
  language: z.string(),
  available: z.boolean(),
  detail: z.string(),
  fix: z.string().nullable(),
});
const templateSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    summary: z.string(),
    language: z.string(),
    variables: z
      .array(z.looseObject({ name: z.string() }))
      .describe("What a person has to fill in before it works"),
  })
  .meta({ id: "Template" });
const templateFile = z.object({
  path: z.string(),
  text: z.string().nullable(),
  base64: z.string().nullable(),
});
const statusAnswer = z.object({
  version: z.string(),
  domain: z.string(),
  loopbackOnly: z.boolean(),
  tls: z.enum(["auto", "off", "files"]),
  ports: z.object({ httpPort: z.number(), httpsPort: z.number().nullable() }),
  edges: z.array(z.object({ name: z.string(), pid: z.number().optional(), listening: z.boolean() })),
});

/** Operations about the server itself. */
export function aboutOperations(platform: Platform): Operation[] {
  return [
    showServer(platform),
    showLimits(platform),
    showLanguages(platform),
    ...templateOperations(platform),
  ];
}

function showServer(platform: Platform): Operation {
  return defineOperation({
    method: "get",
    path: "/api/v1/server",
    id: "showServer",
    summary: "Version, addresses and edges of this server",
    access: "open",
    answers: { 200: { description: "The server", schema: statusAnswer } },
    handle: () => {
      const { config, version, ports } = platform;
      const { domain, loopbackOnly } = config;
      return Response.json({
        version,
        domain,
        loopbackOnly,
        tls: config.tls.kind,
        ports,
        edges: loopbackOnly ? platform.edges() : [],
      });
    },
  });
}

function showLimits(platform: Platform): Operation {
  return defineOperation({
    method: "get",
    path: "/api/v1/limits",
    id: "showLimits",
    summary: "Limits in force",
    access: "open",
    answers: { 200: { description: "The limits", schema: limitsAnswer } },
    handle: () => {
      const { limits, ttlMs, maxTtlMs } = platform.config;
      const rows = Object.entries(LIMITS).map(([name, limit]) => ({
        name,
        value: limits[name as keyof typeof LIMITS],
        ...limit,
      }));
      return Response.json({ limits: rows, ttl: formatDuration(ttlMs), maxTtl: formatDuration(maxTtlMs) });
    },
  });
}

function showLanguages(platform: Platform): Operation {
  return defineOperation({
    method: "get",
    path: "/api/v1/languages",
    id: "showLanguages",
    summary: "Languages and the state of their compilers",
    access: "open",
    answers: {
      200: { description: "The languages", schema: z.object({ languages: z.array(languageSchema) }) },
    },
    handle: async () => Response.json({ languages: await platform.languages() }),
  });
}

function templateOperations(platform: Platform): Operation[] {
  const list = defineOperation({
    method: "get",
    path: "/api/v1/templates",
    id: "listTemplates",
    summary: "Starter projects and examples",
    access: "open",
    answers: {
      200: { description: "The templates", schema: z.object({ templates: z.array(templateSchema) }) },
    },
    handle: async () => Response.json({ templates: await platform.templates.list() }),
  });
  const show = defineOperation({
    method: "get",
    path: "/api/v1/templates/{name}",
    id: "showTemplate",
    summary: "A template with its files",
    access: "open",
    params: z.strictObject({ name: z.string() }),
    answers: {
      200: { description: "The template", schema: templateSchema.extend({ files: z.array(templateFile) }) },
    },
    handle: async ({ params }) => Response.json(await platform.templates.read(params.name)),
  });
  return [list, show];
}
