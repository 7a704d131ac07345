import { describe, expect, test } from "vitest";
import { readEnvironment } from "../../config/environment.ts";
import { loadConfig } from "../../config/load.ts";
import type { AppRecord, DeploymentId, DeploymentRecord } from "../../store/types.ts";
import { digestOf } from "../../store/digest.ts";
import { drawToken } from "../deployments/identity.ts";
import { authorize, refuseCrossSite } from "./access.ts";
import type { Access } from "../../api/index.ts";

const ID = "zebra-young-youth-zone" as DeploymentId;
const OPERATOR = drawToken();
const OWN = drawToken();
const record = { id: ID, tokenDigest: digestOf(OWN), app: null } as DeploymentRecord;
const VERSION = "youth-zone-zebra-young" as DeploymentId;
const version: DeploymentRecord = { ...record, id: VERSION, tokenDigest: digestOf("another"), app: "hello" };
const deployments = { get: (id: DeploymentId) => [record, version].find((one) => one.id === id) };
const APP_TOKEN = drawToken();
const app = { name: "hello", tokenDigest: digestOf(APP_TOKEN) } as AppRecord;
const apps = { get: (name: string) => (name === app.name ? app : undefined) };
const configOf = (flags: Record<string, string>) =>
  loadConfig(flags, readEnvironment({}, "/home/someone"), "/");
const LOOPBACK = configOf({});
const PUBLIC = configOf({ listen: "0.0.0.0:80", "deploy-token": "a-token-for-deploys" });

async function outcome(
  config: typeof PUBLIC,
  access: Access,
  token: string | null,
  id: string = ID,
): Promise<string> {
  const headers = new Headers(token === null ? {} : { authorization: `Bearer ${token}` });
  return await authorize(
    { config, operatorToken: OPERATOR, deployments, apps },
    access,
    { id, app: id },
    headers,
  ).then(
    () => "allowed",
    (error: { code: string }) => error.code,
  );
}

describe("access beyond loopback", () => {
  test.each<[Access, string, string | null, string]>([
    ["open", "nobody's", null, "allowed"],
    ["deploy", "nobody's", null, "TER_UNAUTHORIZED"],
    ["deploy", "a wrong", "wrong", "TER_UNAUTHORIZED"],
    ["deploy", "the deploy", "a-token-for-deploys", "allowed"],
    ["deploy", "the operator's", OPERATOR, "allowed"],
    ["deploy", "a deployment's", OWN, "TER_UNAUTHORIZED"],
    ["operator", "nobody's", null, "TER_UNAUTHORIZED"],
    ["operator", "a deployment's", OWN, "TER_UNAUTHORIZED"],
    ["operator", "the deploy", "a-token-for-deploys", "TER_UNAUTHORIZED"],
    ["operator", "the operator's", OPERATOR, "allowed"],
    ["deployment", "nobody's", null, "TER_UNAUTHORIZED"],
    ["deployment", "a wrong", "wrong", "TER_NOT_FOUND"],
    ["deployment", "the deploy", "a-token-for-deploys", "TER_NOT_FOUND"],
    ["deployment", "its own", OWN, "allowed"],
    ["deployment", "the operator's", OPERATOR, "allowed"],
  ])("to what is for %s with %s token: %s", async (access, _, token, expected) => {
    expect(await outcome(PUBLIC, access, token)).toBe(expected);
  });

  test("answers alike for another tenant's deployment and for an unknown name", async () => {
    const other = drawToken();
    expect(await outcome(PUBLIC, "deployment", other)).toBe(
      await outcome(PUBLIC, "deployment", other, "abandon-ability-able-about"),
    );
  });

  test("finds no deployment for the empty token's digest", async () => {
    expect(await outcome(PUBLIC, "deployment", "x", "not a name")).toBe("TER_NOT_FOUND");
  });

  test.each<[Access, string, string, string]>([
    ["app", "hello", APP_TOKEN, "allowed"],
    ["app", "hello", OPERATOR, "allowed"],
    ["app", "hello", OWN, "TER_APP_NOT_FOUND"],
    ["app", "other", APP_TOKEN, "TER_APP_NOT_FOUND"],
    ["deploy", "hello", APP_TOKEN, "allowed"],
    ["deploy", "other", APP_TOKEN, "TER_UNAUTHORIZED"],
    ["deployment", "hello", APP_TOKEN, "allowed"],
    ["deployment", VERSION, APP_TOKEN, "allowed"],
    ["deployment", ID, APP_TOKEN, "TER_NOT_FOUND"],
    ["operator", "hello", APP_TOKEN, "TER_UNAUTHORIZED"],
  ])("to %s of %s with %s: %s", async (access, name, token, expected) => {
    expect(await outcome(PUBLIC, access, token, name)).toBe(expected);
  });
});

test("on loopback nobody needs a token, except for deploys to a server that wants one", async () => {
  for (const access of ["open", "deploy", "operator", "deployment"] as const)
    expect(await outcome(LOOPBACK, access, null)).toBe("allowed");
  expect(await outcome(configOf({ "deploy-token": "a-token-for-deploys" }), "deploy", null)).toBe(
    "TER_UNAUTHORIZED",
  );
});

test.each<[Record<string, string>, boolean]>([
  [{}, true],
  [{ "sec-fetch-site": "none" }, true],
  [{ "sec-fetch-site": "same-origin", origin: "http://localhost:8080", host: "localhost:8080" }, true],
  [{ origin: "https://localhost:8443", host: "localhost:8443" }, true],
  [{ "sec-fetch-site": "same-site" }, false],
  [{ "sec-fetch-site": "cross-site" }, false],
  [{ origin: "http://a-b-c-d.localhost:8080", host: "localhost:8080" }, false],
  [{ origin: "null", host: "localhost:8080" }, false],
  [{ "sec-fetch-site": "same-origin", origin: "http://evil.example", host: "localhost:8080" }, false],
])("a request with %j is let through: %s", (headers, allowed) => {
  const refuse = () => refuseCrossSite(new Headers(headers));
  if (allowed) expect(refuse).not.toThrow();
  else expect(refuse).toThrow(/other sites/);
});
