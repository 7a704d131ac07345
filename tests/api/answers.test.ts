// Requests made from the schemas of the OpenAPI document, sent to a live platform: whatever comes, no answer
// is a failure of the server, and each is what the document says.
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { writeArchive } from "../../src/project/write-archive.ts";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import {
  type Document,
  type Operation,
  operationsOf,
  readDocument,
  type Schema,
  standalone,
} from "./document.ts";
import { exchange, type Received, type Sent } from "./exchange.ts";
import { looseValuesOf, valuesOf } from "./schema-values.ts";

const RUNS = 25;
/** Statuses that say that the server refuses for now, as the document has them for every operation. */
const BUSY = [503, 507];
const PROGRAM = `(module (memory (export "memory") 1) (func (export "run")))`;
const ARCHIVE = writeArchive(new Map([["src/main.wat", Buffer.from(PROGRAM)]]));

const APP = "hello";

const folder = temporaryFolder();
let platform: Platform;
let document: Document;
let id: string;

beforeAll(async () => {
  platform = await Platform.start(folder.path, ["--edges", "1", "--inspect", "on", "--ttl", "1h"]);
  document = await readDocument(platform);
  const answer = await platform.api<{ deployment: { id: string } }>("/api/v1/deployments", {
    method: "POST",
    body: ARCHIVE,
  });
  id = answer.deployment.id;
  await platform.api(`/api/v1/deployments?app=${APP}`, { method: "POST", body: ARCHIVE });
});
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

describe("every answer of the API", () => {
  test("is one that the document has, whatever the parameters and the body", async () => {
    // What deletes the deployment comes last.
    const operations = operationsOf(document)
      // It would end the server that answers; tests/e2e/handover.test.ts calls it.
      .filter(([, , { operationId }]) => operationId !== "reloadServer")
      .sort(([, a], [, b]) => rank(a) - rank(b));
    expect(operations.length).toBeGreaterThan(20);
    for (const [path, method, operation] of operations) {
      await fc.assert(
        fc.asyncProperty(requestsTo(path, method, operation), async (sent) => {
          check(operation, sent, await exchange(platform, sent));
        }),
        { numRuns: RUNS },
      );
    }
  });

  test("to a method that a path does not take is 405, with what it takes", async () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const takes = Object.keys(methods).flatMap((name) =>
        name === "get" ? ["GET", "HEAD"] : [name.toUpperCase()],
      );
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].filter(
        (name) => !takes.includes(name),
      )) {
        const target = path.replace("{id}", id).replace(/\{\w+\}/, "x");
        const { status, headers, text } = await platform.ask("", target, { method });
        expect([path, method, status]).toEqual([path, method, 405]);
        expect(headers["allow"]?.split(", ").sort()).toEqual(takes.sort());
        expect(JSON.parse(text)).toMatchObject({ code: "TER_METHOD_NOT_ALLOWED" });
      }
    }
  });

  test("to another method at the studio's pages is 405 as well, and 404 where there is no page", async () => {
    const root = await platform.ask("", "/", { method: "POST" });
    expect([root.status, root.headers["allow"]]).toEqual([405, "GET, HEAD"]);
    expect((await platform.ask("", "/nothing-here", { method: "POST" })).status).toBe(404);
    expect((await platform.ask("", "/api/v1/nothing", { method: "POST" })).status).toBe(404);
  });
});

function rank(method: string): number {
  return method === "delete" ? 1 : 0;
}

function requestsTo(
  path: string,
  method: string,
  { parameters, requestBody }: Operation,
): fc.Arbitrary<Sent> {
  const query = parameters.filter((parameter) => parameter.in === "query");
  const key = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom("%", "%zz", "a/b", "..", "%ff"));
  return fc.record({
    method: fc.constant(method.toUpperCase()),
    path: fc
      .record({
        id: ids(),
        key,
        name: fc.oneof(fc.constant("empty-c"), fc.string({ minLength: 1 })),
        app: fc.oneof(fc.constant(APP), fc.string({ minLength: 1 })),
      })
      .map((values) =>
        path
          .replace(/\{(\w+)\}/, (_, name: keyof typeof values) => segment(values[name]))
          .replace("{key}", segment(values.key)),
      ),
    query: fc.record(Object.fromEntries(query.map(({ name, schema }) => [name, looseValuesOf(schema)])), {
      requiredKeys: [],
    }),
    accept: fc.constantFrom(undefined, "application/json", "text/event-stream", "application/x-ndjson"),
    body: bodies(requestBody?.content ?? {}),
  });
}

function ids(): fc.Arbitrary<string> {
  // The id is known once the platform runs, which is before a value is drawn.
  const known = fc.constant(null).map(() => id);
  return fc.oneof(
    { weight: 3, arbitrary: known },
    fc.constant("abandon-ability-able-about"),
    fc.string({ minLength: 1 }),
  );
}

/** A segment as a client writes it: encoded, except for some that are malformed on purpose. */
function segment(text: string): string {
  return /^%[a-z]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed());
}

function bodies(content: Readonly<Record<string, { readonly schema?: Schema }>>): fc.Arbitrary<Sent["body"]> {
  const kinds = Object.entries(content).map(([type, { schema }]) => {
    const values =
      schema === undefined ? fc.uint8Array({ maxLength: 500 }).map(Buffer.from) : jsonBodies(schema);
    return values.map((bytes) => ({ type, bytes }));
  });
  const archive = fc.constant({ type: "application/x-tar", bytes: Buffer.from(ARCHIVE) });
  const broken = fc.string().map((text) => ({ type: "application/json", bytes: Buffer.from(text) }));
  return kinds.length === 0 ? fc.constant(null) : fc.oneof(...kinds, archive, broken, fc.constant(null));
}

function jsonBodies(schema: Schema): fc.Arbitrary<Buffer> {
  const whole = standalone(document, schema);
  return fc
    .oneof({ weight: 3, arbitrary: valuesOf(whole) }, fc.jsonValue())
    .map((value) => Buffer.from(JSON.stringify(value)));
}

function check({ responses }: Operation, sent: Sent, { status, type, body, retryAfter }: Received): void {
  const asked = `${sent.method} ${sent.path} ${JSON.stringify(sent.query)}`;
  const context = `${asked} -> ${status} ${body.slice(0, 300)}`;
  if (status >= 500) {
    expect(BUSY, context).toContain(status);
    if (status === 503) expect(retryAfter, context).toMatch(/^\d+$/);
  }
  const response = responses[String(status)];
  expect(response, context).toBeDefined();
  const { content } = response ?? {};
  if (content === undefined) return expect(body, context).toBe("");
  expect(Object.keys(content), context).toContain(type);
  const schema = content[type]?.schema;
  if (schema === undefined) return;
  const values =
    type === "application/x-ndjson" ? body.split("\n") : type === "text/event-stream" ? dataOf(body) : [body];
  const validator = z.fromJSONSchema(standalone(document, schema) as Parameters<typeof z.fromJSONSchema>[0]);
  for (const value of values.filter((line) => line !== "")) {
    const result = validator.safeParse(JSON.parse(value));
    expect(result.error?.issues ?? [], context).toEqual([]);
  }
}

function dataOf(stream: string): string[] {
  return stream.split("\n").flatMap((line) => (line.startsWith("data: ") ? [line.slice(6)] : []));
}
