// A name beyond this machine makes no operators: behind a proxy every visitor comes from loopback.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeArchive } from "../../src/project/write-archive.ts";
import { Platform, temporaryFolder } from "../e2e/platform.ts";

const PROGRAM = '(module (memory (export "memory") 1) (func (export "run")))';
const folder = temporaryFolder();
let platform: Platform;
let id: string;
let token: string;

beforeAll(async () => {
  platform = await Platform.start(folder.path, ["--domain", "edge.example", "--edges", "1"]);
  const created = await ask(
    "/api/v1/deployments",
    "POST",
    {},
    writeArchive(new Map([["src/main.wat", Buffer.from(PROGRAM)]])),
  );
  const answer = JSON.parse(created.text) as { deployment: { id: string }; token: string };
  id = answer.deployment.id;
  token = answer.token;
});
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

function ask(path: string, method = "GET", headers: Record<string, string> = {}, body?: Uint8Array) {
  return platform.ask("", path, {
    method,
    headers: { host: "edge.example", ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

describe("a server at loopback with a domain of the internet", () => {
  test("lets no visitor list, measure, read, write or delete without a token", async () => {
    const attempts = [
      ["/api/v1/deployments", "GET"],
      ["/metrics", "GET"],
      [`/api/v1/deployments/${id}`, "GET"],
      [`/api/v1/deployments/${id}/logs`, "GET"],
      [`/api/v1/deployments/${id}/requests`, "GET"],
      [`/api/v1/deployments/${id}/kv`, "GET"],
      [`/api/v1/deployments/${id}/kv/a`, "PUT"],
      [`/api/v1/deployments/${id}/module`, "GET"],
      [`/api/v1/deployments/${id}`, "PATCH"],
      [`/api/v1/deployments/${id}`, "DELETE"],
    ] as const;
    for (const [path, method] of attempts)
      expect([path, (await ask(path, method)).status]).toEqual([path, 401]);
  });

  test("shows the inspector to the deployment's owner", async () => {
    const answer = await ask(`/api/v1/deployments/${id}/requests`, "GET", {
      authorization: `Bearer ${token}`,
    });
    expect(answer.status).toBe(200);
  });

  test("gives requests 50 ms of CPU and deployments an hour", async () => {
    const limits = JSON.parse((await ask("/api/v1/limits")).text) as {
      limits: { name: string; value: number }[];
      maxTtl: string;
    };
    expect(limits.limits.find(({ name }) => name === "cpuMs")?.value).toBe(50);
    expect(limits.maxTtl).toBe("1h");
    const server = JSON.parse((await ask("/api/v1/server")).text) as { public: boolean; edges: unknown[] };
    expect([server.public, server.edges]).toEqual([true, []]);
  });

  test("lives as long as the server allows, and no longer", async () => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const body = Buffer.from('{"ttl":"2h"}');
    const answer = await ask(`/api/v1/deployments/${id}`, "PATCH", headers, body);
    expect([answer.status, (JSON.parse(answer.text) as { code: string }).code]).toEqual([
      422,
      "TER_TTL_TOO_LONG",
    ]);
  });
});
