// The OpenAPI 3.1 document, made from the schemas that validate.
import { z } from "zod";
import type { Answer, Operation } from "./operation.ts";

type Json = Record<string, unknown>;

/** The document for a list of operations. */
export function openApiDocument(operations: readonly Operation[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const path = operation.path.replace("+}", "}");
    paths[path] = { ...paths[path], [operation.method]: describe(operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Terrarium",
      version,
      description:
        "Deploy small WebAssembly programs and manage what is deployed. Errors are RFC 9457 problem details.",
    },
    paths,
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  };
}

function describe(operation: Operation): Json {
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.access === "open" ? {} : { security: [{}, { token: [] }] }),
    parameters: [...parameters(operation.params, "path"), ...parameters(operation.query, "query")],
    ...requestBody(operation),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, answer]) => [status, response(answer)]),
      ),
      default: {
        description: "A problem",
        content: { "application/problem+json": { schema: { type: "object" } } },
      },
    },
  };
}

function parameters(schema: z.ZodType | undefined, where: "path" | "query"): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input") as {
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

function requestBody({ body, bodyContentTypes = [] }: Operation): Json {
  const json = body === undefined ? [] : [["application/json", { schema: schemaOf(body.schema, "input") }]];
  const content = Object.fromEntries([...json, ...bodyContentTypes.map((type) => [type, {}])]) as Json;
  return Object.keys(content).length === 0 ? {} : { requestBody: { required: true, content } };
}

function response({ description, schema, contentTypes = [] }: Answer): Json {
  const json = schema === undefined ? [] : [["application/json", { schema: schemaOf(schema, "output") }]];
  const content = Object.fromEntries([...json, ...contentTypes.map((type) => [type, {}])]) as Json;
  return { description, ...(Object.keys(content).length === 0 ? {} : { content }) };
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    reused: "inline",
  }) as Json;
  return rest;
}
