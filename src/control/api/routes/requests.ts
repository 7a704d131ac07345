// Requests to a deployment: sent for somebody, and those that it answered last.
import { z } from "zod";
import { TerrariumError } from "../../../errors/index.ts";
import { probe } from "../../deployments/probe.ts";
import { sourcedRecords } from "../../deployments/sourced-records.ts";
import { defineOperation, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";
import { problemSchema } from "../views.ts";
import { existingDeployment, idParams } from "./deployment-params.ts";

/** Of an answer that is passed on. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** Requests that are recorded from when somebody looks. */
const FURTHER_RECORDED = 200;
const JSON_OVERHEAD_BYTES = 64 * 1024;

const fields = z.array(z.tuple([z.string().max(200), z.string().max(8192)])).max(100);
const sendBody = z.strictObject({
  method: z
    .string()
    .regex(/^[A-Z]{1,20}$/, "is not a method")
    .default("GET"),
  path: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, "is not a path that begins with a slash and is percent-encoded")
    .max(16_384)
    .default("/"),
  headers: fields.default([]),
  body: z.base64().default("").describe("In base64"),
});
const sentAnswer = z.object({
  status: z.number(),
  headers: fields,
  body: z.string().describe("In base64"),
  truncated: z.boolean(),
  ms: z.number(),
});

const placeSchema = z.object({
  functionName: z.string().nullable(),
  offset: z.number().nullable(),
  file: z.string().nullable(),
  line: z.number().nullable(),
  column: z.number().nullable(),
});
const callSchema = z.object({
  name: z.string(),
  startMs: z.number().describe("From the start of the run"),
  ms: z.number(),
  detail: z.string().describe("Texts that went in: URL, key, header name"),
  bytesIn: z.number(),
  bytesOut: z.number(),
  result: z.string(),
  note: z
    .string()
    .describe("What came of it where the number does not tell: addresses, a status, why it failed"),
});
const recordSchema = z
  .object({
    id: z.string(),
    answeredBy: z.enum(["program", "asset"]),
    at: z.iso.datetime(),
    method: z.string(),
    path: z.string(),
    status: z.number(),
    requestBytes: z.number(),
    responseBytes: z.number(),
    usage: z.object({ wallMs: z.number(), cpuMs: z.number(), memoryBytes: z.number() }).nullable(),
    calls: z.array(callSchema),
    callsLeftOut: z.number(),
    log: z.array(z.object({ ms: z.number(), source: z.string(), text: z.string() })),
    fault: z.object({ code: z.string(), message: z.string(), frames: z.array(placeSchema) }).nullable(),
  })
  .meta({ id: "RequestRecord" });

/** Operations on a deployment's requests. */
export function requestOperations(platform: Platform): Operation[] {
  return [sendRequest(platform), listRequests(platform)];
}

function sendRequest(platform: Platform): Operation {
  const { config, ports } = platform;
  return defineOperation({
    method: "post",
    path: "/api/v1/deployments/{id}/requests",
    id: "sendRequest",
    summary: "Send one request to a deployment and read the answer, whatever its origin allows",
    access: "deployment",
    params: idParams,
    body: {
      schema: sendBody,
      maxBytes: Math.ceil((config.limits.requestBodyBytes * 4) / 3) + JSON_OVERHEAD_BYTES,
    },
    answers: {
      200: { description: "The deployment's answer", schema: sentAnswer },
      503: { description: "It does not answer", schema: problemSchema },
    },
    handle: async ({ params, body }) => {
      const { id } = await existingDeployment(platform, params.id);
      const answer = await probe({ config, ports, maxBytes: MAX_ANSWER_BYTES }, id, {
        ...body,
        body: Buffer.from(body.body, "base64"),
      });
      return Response.json({ ...answer, body: answer.body.toString("base64") });
    },
  });
}

function listRequests(platform: Platform): Operation {
  return defineOperation({
    method: "get",
    path: "/api/v1/deployments/{id}/requests",
    id: "listRequests",
    summary:
      "The last requests that the program or a file of the project answered, " +
      "with their hostcalls; asking records the next 200 on each edge",
    access: "deployment",
    params: idParams,
    answers: {
      200: {
        description: "The requests, oldest first",
        schema: z.object({ requests: z.array(recordSchema) }),
      },
      403: { description: "This server records none", schema: problemSchema },
    },
    handle: async ({ params }) => {
      const { id } = await existingDeployment(platform, params.id);
      if (!platform.config.inspect) throw new TerrariumError("TER_INSPECT_OFF");
      const records = await sourcedRecords(platform, id, await platform.records(id, FURTHER_RECORDED));
      return Response.json({
        requests: records.map(({ atMs, ...record }) => ({ ...record, at: new Date(atMs).toISOString() })),
      });
    },
  });
}
