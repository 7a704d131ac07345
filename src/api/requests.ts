// Requests to a deployment: sent on a client's behalf, and recorded.
import { z } from "zod";
import { deploymentParams, moment } from "./deployments.ts";
import { endpoint, json, type View } from "./endpoint.ts";

const ms = z.number().describe("Milliseconds");
const headerFields = z.array(z.tuple([z.string().max(200), z.string().max(8192)])).max(100);
const sentHeaders = z.array(z.tuple([z.string(), z.string()]));
/** Header fields in order. */
export type HeaderFields = View<typeof sentHeaders>;

const sentAnswer = z
  .object({
    status: z.int(),
    headers: sentHeaders,
    body: z.string().describe("In base64"),
    truncated: z.boolean().describe("There was more than is passed on"),
    ms,
  })
  .meta({ id: "SentAnswer" });
export type SentAnswer = View<typeof sentAnswer>;

export const SEND_REQUEST = endpoint({
  method: "post",
  path: "/api/v1/deployments/{id}/requests",
  id: "sendRequest",
  tag: "requests",
  summary: "Send one request to a deployment and read the answer, whatever its origin allows",
  access: "deployment",
  params: deploymentParams,
  body: z.strictObject({
    method: z
      .string()
      .regex(/^[A-Z]{1,20}$/, "is not a method")
      .default("GET"),
    path: z
      .string()
      .max(16_384)
      .regex(/^\/[\x21-\x7e]*$/, "is not a path that begins with a slash and is percent-encoded")
      .default("/"),
    headers: headerFields.default([]),
    body: z.base64().default("").describe("In base64"),
  }),
  answers: { 200: { description: "The deployment's answer", content: json(sentAnswer) } },
  problems: { 503: "It does not answer" },
});

const sourceFrame = z.object({
  functionName: z.string().nullable(),
  offset: z.int().nullable().describe("Byte offset in the module as it was built"),
  file: z.string().nullable(),
  line: z.int().nullable(),
  column: z.int().nullable(),
});
const call = z.object({
  name: z.string(),
  startMs: z.number().describe("Milliseconds from the start of the run"),
  ms,
  detail: z.string().describe("Text that went in: URL, key, header name"),
  bytesIn: z.int(),
  bytesOut: z.int(),
  result: z.string(),
  note: z.string().describe("What the number does not tell: addresses, a status, why it failed"),
});

const requestRecord = z
  .object({
    id: z.string(),
    answeredBy: z.enum(["program", "asset"]),
    at: moment,
    method: z.string(),
    path: z.string(),
    status: z.int(),
    requestBytes: z.int(),
    responseBytes: z.int(),
    usage: z.object({ wallMs: z.number(), cpuMs: z.number(), memoryBytes: z.number() }).nullable(),
    calls: z.array(call),
    callsLeftOut: z.int(),
    log: z.array(z.object({ ms, source: z.string(), text: z.string() })),
    fault: z.object({ code: z.string(), message: z.string(), frames: z.array(sourceFrame) }).nullable(),
  })
  .meta({ id: "RequestRecord" });
export type RequestView = View<typeof requestRecord>;

export const LIST_REQUESTS = endpoint({
  method: "get",
  path: "/api/v1/deployments/{id}/requests",
  id: "listRequests",
  tag: "requests",
  summary: "The last requests that the program or a file of the project answered, with their hostcalls",
  description: "Asking records the next 200 on each edge.",
  access: "deployment",
  params: deploymentParams,
  answers: {
    200: {
      description: "The requests, oldest first",
      content: json(z.object({ requests: z.array(requestRecord) })),
    },
  },
  problems: { 403: "This server records none" },
});
