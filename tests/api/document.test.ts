// The OpenAPI document: valid, linted, and good enough for tools that make types of it.
import { registerHooks } from "node:module";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { type Document, operationsOf, readDocument } from "./document.ts";

const folder = temporaryFolder();
let platform: Platform;
let document: Document;
let text: string;

beforeAll(async () => {
  platform = await Platform.start(folder.path, ["--edges", "1"]);
  document = await readDocument(platform);
  text = JSON.stringify(document);
});
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

describe("the OpenAPI document", () => {
  test("passes the recommended rules of a linter for OpenAPI 3.1", async () => {
    const config = await createConfig({ extends: ["recommended"] });
    const problems = await lintFromString({ source: text, config, absoluteRef: "openapi.json" });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual(
      [],
    );
  });

  test("refers only to what it holds", () => {
    const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map((match) => match[1] ?? "");
    expect(references.length).toBeGreaterThan(10);
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(references.filter((reference) => !known.includes(reference))).toEqual([]);
  });

  test("is JSON Schema of 2020-12 throughout: no keyword of an earlier draft", () => {
    expect(keysOf(document).filter((key) => EARLIER_KEYWORDS.includes(key))).toEqual([]);
  });

  test("says problem+json for every refusal, and nothing else says it", () => {
    for (const [path, method, { responses }] of operationsOf(document)) {
      if (path === "/deploy" || path.startsWith("/status/")) continue;
      for (const [status, { content = {} }] of Object.entries(responses)) {
        const isProblem = Object.keys(content).includes("application/problem+json");
        expect([path, method, status, isProblem]).toEqual([path, method, status, Number(status) >= 400]);
      }
    }
  });

  test("becomes types of TypeScript that name every operation", async () => {
    const { default: openapiTypeScript, astToString } = await loadTypeGenerator();
    const types = astToString(await openapiTypeScript(text));
    for (const [, , { operationId }] of operationsOf(document))
      expect(types).toMatch(`operations["${operationId}"]`);
  });
});

/** Of drafts 4 to 7, without those that OpenAPI itself uses for other things outside of schemas. */
const EARLIER_KEYWORDS = ["definitions", "additionalItems", "dependencies", "nullable", "$schema", "$defs"];

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

/** It prints with the API of TypeScript 5; the compiler that checks this project has none. */
async function loadTypeGenerator() {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      next(
        specifier === "typescript" && context.parentURL?.includes("openapi-typescript") === true
          ? "typescript-5"
          : specifier,
        context,
      ),
  });
  try {
    return await import("openapi-typescript");
  } finally {
    hooks.deregister();
  }
}
