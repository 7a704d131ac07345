// Bad inputs and what each gets, word for word: the tables of tests/refusals/, which
// docs/reference/refusals.md prints.
import { once } from "node:events";
import { createConnection } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LIMITS, type Refusal } from "../refusals/case.ts";
import { DEPLOY_CASES } from "../refusals/deploy-cases.ts";
import { REQUEST_CASES } from "../refusals/request-cases.ts";
import { RUN_CASES } from "../refusals/run-cases.ts";
import { Platform, temporaryFolder } from "./platform.ts";
import { answering, archiveOf, type Sources } from "./programs.ts";

interface Status {
  readonly message: string;
  readonly success: boolean;
  readonly done: boolean;
}

const data = temporaryFolder();
let platform: Platform;
beforeAll(async () => {
  const limits = Object.entries(LIMITS).flatMap(([name, value]) => ["--limit", `${name}=${value}`]);
  platform = await Platform.start(data.path, [
    "--edges",
    "1",
    "--log-level",
    "silent",
    "--max-ttl",
    "1h",
    "--dns",
    "127.0.0.1:9",
    ...limits,
  ]);
});
afterAll(async () => {
  await platform.stop();
  data[Symbol.dispose]();
});

async function post(body: string | object): Promise<{ readonly status: number; readonly id: string }> {
  const answer = await platform.ask("", "/deploy", {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, id: (JSON.parse(answer.text) as { id: string }).id };
}

async function settle(id: string): Promise<Status> {
  for (;;) {
    const status = await platform.api<Status>(`/status/${id}`);
    if (status.done || !status.success) return status;
  }
}

async function deploy(sources: Sources): Promise<string> {
  const { id } = await post({
    lang: "wasm",
    options: null,
    tar: Buffer.from(archiveOf(sources)).toString("base64"),
  });
  expect(await settle(id)).toMatchObject({ done: true });
  return id;
}

const firstLine = (message: string): string => message.split("\n", 1)[0]!;
const refusalOf = ({ status, code, message }: Refusal): Refusal => ({ status, code, message });

describe.each(Object.entries(DEPLOY_CASES))(
  "a deploy is refused for what is wrong with it: %s",
  (_, cases) => {
    test.each(cases.map((one) => [one.input, one] as const))("%s", async (_input, one) => {
      const body = await one.body();
      const { status, id } = await post(body);
      const { message, success, done } = await settle(id);
      expect([success, done]).toEqual([false, false]);
      expect(message).toContain(one.location ?? "");
      const code = await codeOf(id, body);
      expect({ status, code, message: firstLine(message) }).toEqual(refusalOf(one));
    });
  },
);

describe.each(Object.entries(RUN_CASES))("a program reaches its limits or fails: %s", (_, cases) => {
  test.each(cases.map((one) => [one.input, one] as const))(
    "%s",
    async (_input, { sources, gets, answers }) => {
      const id = await deploy(sources);
      const { status, headers, text: body } = await platform.ask(id, "/path");
      const answer = { status, code: headers["x-terrarium-error"], message: firstLine(body) };
      if (typeof gets === "string")
        expect(answer).toEqual({ status: answers ?? 200, code: undefined, message: "" });
      else expect(answer).toEqual(gets);
    },
  );
});

describe("a request that reaches no program", () => {
  let host = "";
  beforeAll(async () => {
    host = `${await deploy(answering("x"))}.localhost`;
  });

  test.each(REQUEST_CASES.map((one) => [one.input, one] as const))("%s", async (_input, one) => {
    const [head = "", body = ""] = (await exchange(one.bytes(host))).split("\r\n\r\n");
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
    expect({ status, code: /x-terrarium-error: (\w+)/i.exec(head)?.[1], message: firstLine(body) }).toEqual(
      refusalOf(one),
    );
  });
});

/**
 * Name of a deploy's error: from its record, or, where nothing was stored, from the API, which refuses the
 * same body.
 */
async function codeOf(id: string, body: string | object): Promise<string> {
  const { deployment } = await platform.api<{ deployment?: { errorCode: string } }>(
    `/api/v1/deployments/${id}`,
  );
  if (deployment !== undefined) return deployment.errorCode;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const options = { method: "POST", body: text, headers: { "content-type": "application/json" } };
  return (await platform.api<{ code: string }>("/api/v1/deployments", options)).code;
}

/** Sends the bytes and returns all that comes until the edge closes. */
async function exchange(bytes: string): Promise<string> {
  const socket = createConnection({ host: "127.0.0.1", port: platform.ready.httpPort });
  await once(socket, "connect");
  socket.write(bytes, "latin1");
  return text(socket);
}
