// The server itself: version, limits, languages, metrics, and its own description.
import { z } from "zod";
import { endpoint, json, type View } from "./endpoint.ts";

const serverInfo = z
  .object({
    version: z.string(),
    domain: z.string(),
    public: z.boolean().describe("Strangers may connect: managing needs tokens"),
    tls: z.enum(["auto", "off", "files"]),
    ports: z.object({ httpPort: z.int(), httpsPort: z.int().nullable() }),
    startedAt: z.iso.datetime().describe("When the supervisor started; a reload starts another"),
    edges: z
      .array(z.object({ name: z.string(), pid: z.int().nullable(), listening: z.boolean() }))
      .describe("Shown where everybody is the operator"),
  })
  .meta({ id: "ServerInfo" });

export const SHOW_SERVER = endpoint({
  method: "get",
  path: "/api/v1/server",
  id: "showServer",
  tag: "server",
  summary: "Version, addresses and edges of this server",
  access: "open",
  answers: { 200: { description: "The server", content: json(serverInfo) } },
});

export type ServerInfo = View<typeof serverInfo>;

export const RELOAD_SERVER = endpoint({
  method: "post",
  path: "/api/v1/server/reload",
  id: "reloadServer",
  tag: "server",
  summary: "Start anew with the code, settings and certificates of now, without a failed request",
  description:
    "Reads the settings and certificates first, and changes nothing if they are wrong. Deploys under way " +
    "finish. The reload is done when `startedAt` of the server has changed.",
  access: "operator",
  answers: {
    202: {
      description: "The reload began",
      content: json(z.object({ startedAt: z.iso.datetime() })),
    },
  },
  problems: { 409: "No launcher would start the server again" },
});

const limit = z.object({
  name: z.string(),
  value: z.number(),
  default: z.number(),
  ceiling: z.number(),
  unit: z.string(),
  summary: z.string(),
});
const limitList = z.object({ limits: z.array(limit), ttl: z.string(), maxTtl: z.string() });
export type LimitList = View<typeof limitList>;

export const SHOW_LIMITS = endpoint({
  method: "get",
  path: "/api/v1/limits",
  id: "showLimits",
  tag: "server",
  summary: "Limits in force",
  access: "open",
  answers: { 200: { description: "The limits", content: json(limitList) } },
});

const languageState = z
  .object({
    language: z.string(),
    available: z.boolean(),
    detail: z.string().describe("Version, or what is wrong"),
    fix: z.string().nullable().describe("The command, on the server, that fixes what is wrong"),
  })
  .meta({ id: "LanguageState" });
export type LanguageState = View<typeof languageState>;

export const SHOW_LANGUAGES = endpoint({
  method: "get",
  path: "/api/v1/languages",
  id: "showLanguages",
  tag: "server",
  summary: "Languages and the state of their compilers",
  access: "open",
  answers: {
    200: { description: "The languages", content: json(z.object({ languages: z.array(languageState) })) },
  },
});

export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export const SHOW_METRICS = endpoint({
  method: "get",
  path: "/metrics",
  id: "showMetrics",
  tag: "server",
  summary: "Figures of all edges in the text format of Prometheus",
  access: "operator",
  answers: { 200: { description: "The figures", content: { "text/plain": null } } },
});

export const SHOW_AUTHORITY = endpoint({
  method: "get",
  path: "/ca.pem",
  id: "showAuthority",
  tag: "server",
  summary: "Certificate of the local authority, to be trusted for HTTPS",
  access: "open",
  answers: { 200: { description: "The certificate", content: { "application/x-pem-file": null } } },
  problems: { 404: "The server has certificates of its operator, or none" },
});

export const DESCRIBE_API = endpoint({
  method: "get",
  path: "/api/v1/openapi.json",
  id: "describeApi",
  tag: "server",
  summary: "This document",
  access: "open",
  answers: {
    200: { description: "OpenAPI 3.1", content: json(z.looseObject({ openapi: z.string() })) },
  },
});
