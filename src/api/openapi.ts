// The OpenAPI 3.1 document, made from the endpoints.
import { z } from "zod";
import type { Access, Content, Endpoint } from "./endpoint.ts";
import { problem } from "./problem.ts";

type Json = Record<string, unknown>;

const DIALECT = "https://json-schema.org/draft/2020-12/schema";
const PROBLEM: Content = { "application/problem+json": problem };
const TAGS: Readonly<Record<string, string>> = {
  deployments: "Deploy projects, and manage what is deployed",
  logs: "What programs log",
  store: "The key-value stores of deployments",
  requests: "Requests to deployments: sent, and recorded",
  module: "Modules as they were built",
  server: "The server itself",
  templates: "Starter projects and examples",
  protocol: "The deploy protocol of 2019",
};

/** The document for a list of endpoints. */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): Json {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace("+}", "}");
    paths[path] = { ...paths[path], [endpoint.method]: operation(endpoint, components) };
  }
  return {
    openapi: "3.1.0",
    jsonSchemaDialect: DIALECT,
    info: {
      title: "Terrarium",
      version,
      description:
        "Deploy small WebAssembly programs and manage what is deployed. Errors are RFC 9457 problem details.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "The server that this document comes from" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
  };
}

/** Statuses that an endpoint may send in addition to its own, depending on its input and who may call it. */
function problemsOf({ access, params, query, body, byteBodies, problems }: Endpoint): Record<number, string> {
  const takesBody = body !== undefined || byteBodies !== undefined;
  return {
    ...(takesBody || params !== undefined || query !== undefined
      ? { 400: "A parameter or the body is invalid" }
      : {}),
    ...(access === "open" ? {} : { 401: "A token is needed" }),
    403: "A page of another site asks",
    ...(access === "deployment" ? { 404: "There is no such deployment, or it has expired" } : {}),
    ...(access === "app" ? { 404: "There is no such app" } : {}),
    ...(takesBody ? { 413: "The body is too large" } : {}),
    429: "Too much was asked for; Retry-After says when to try again",
    503: "The server is busy or stopping; Retry-After says when to try again",
    ...problems,
  };
}

function operation(endpoint: Endpoint, components: Components): Json {
  const { id, tag, summary, description, access, params, query, answers } = endpoint;
  const own = Object.entries(answers).map(([status, answer]) => [
    status,
    { description: answer.description, ...contentOf(answer.content, components) },
  ]);
  const refused = Object.entries(problemsOf(endpoint))
    .filter(([status]) => !(status in answers))
    .map(([status, text]) => [status, { description: text, ...contentOf(PROBLEM, components) }]);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(access),
    parameters: [...parameters(params, "path", components), ...parameters(query, "query", components)],
    ...requestBody(endpoint, components),
    responses: Object.fromEntries([...own, ...refused]) as Json,
  };
}

/**
 * Where everybody is the operator no token is needed, so the empty requirement is listed next to the token.
 */
function securityOf(access: Access): Json[] {
  return access === "open" ? [{}] : [{}, { token: [] }];
}

function parameters(schema: z.ZodType | undefined, where: "path" | "query", components: Components): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = components.inline(schema, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function requestBody({ body, byteBodies = [] }: Endpoint, components: Components): Json {
  const json = body === undefined ? [] : [["application/json", { schema: components.inline(body, "input") }]];
  const content = Object.fromEntries([...json, ...byteBodies.map((type) => [type, {}])]) as Json;
  return Object.keys(content).length === 0 ? {} : { requestBody: { required: body !== undefined, content } };
}

function contentOf(content: Content | undefined, components: Components): Json {
  if (content === undefined) return {};
  const entries = Object.entries(content).map(([type, schema]) => [
    type,
    schema === null ? {} : { schema: components.inline(schema, "output") },
  ]);
  return { content: Object.fromEntries(entries) as Json };
}

/** Named schemas, and everything that refers to them. */
class Components {
  readonly schemas: Record<string, Json> = {};

  /** A schema for use in the document; named schemas in it become components. */
  inline(schema: z.ZodType, io: "input" | "output"): Json {
    // zod writes a named schema as a reference only inside another schema.
    const { properties, $defs = {} } = z.toJSONSchema(z.object({ it: schema }), { io }) as unknown as {
      properties: { it: Json };
      $defs?: Record<string, Json>;
    };
    for (const [name, definition] of Object.entries($defs)) this.#add(name, definition);
    return rewritten(properties.it) as Json;
  }

  #add(name: string, definition: Json): void {
    // `id` names a schema in zod and means something else in older drafts of JSON Schema.
    const { id: _, ...rest } = rewritten(definition) as Json;
    const known = this.schemas[name];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(rest))
      throw new Error(`Two schemas are called "${name}"`);
    this.schemas[name] = rest;
  }
}

/** References of zod point into the schema itself; those of the document point to its components. */
function rewritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewritten);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "$ref" && typeof inner === "string"
        ? reference(inner.split("/").at(-1) ?? "")
        : rewritten(inner),
    ]),
  );
}

function reference(name: string): string {
  return `#/components/schemas/${name}`;
}
