// The deploy protocol as its clients of 2019 speak it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "./platform.ts";
import { answering, archiveOf, type Sources } from "./programs.ts";

interface Deployed {
  readonly id: string;
  readonly success: boolean;
  readonly message: string;
}
interface Status {
  readonly status: string;
  readonly message: string;
  readonly success: boolean;
  readonly done: boolean;
}

const data = temporaryFolder();
let platform: Platform;
beforeAll(async () => {
  platform = await Platform.start(data.path);
});
afterAll(async () => {
  await platform.stop();
  data[Symbol.dispose]();
});

async function post(body: unknown): Promise<Deployed> {
  const answer = await platform.ask("", "/deploy", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  expect(answer.status).toBe(200);
  expect(answer.body.byteLength).toBeLessThanOrEqual(4096);
  return JSON.parse(answer.text) as Deployed;
}

/** Polls as the clients did, without their second of rest. */
async function settle(id: string): Promise<{ last: Status; seen: Status[] }> {
  const seen: Status[] = [];
  for (;;) {
    const answer = await platform.ask("", `/status/${id}`);
    expect(answer.body.byteLength).toBeLessThanOrEqual(4096);
    const last = JSON.parse(answer.text) as Status;
    seen.push(last);
    if (last.done || !last.success) return { last, seen };
  }
}

function tarOf(sources: Sources, padded: boolean): string {
  const text = Buffer.from(archiveOf(sources)).toString("base64");
  return padded ? text : text.replace(/=+$/, "");
}

describe("POST /deploy and GET /status", () => {
  test.each([
    ["without padding", false],
    ["with padding", true],
  ])("bring a project in base64 %s to a live URL", async (_, padded) => {
    const { id, success } = await post({
      lang: "wasm",
      options: null,
      tar: tarOf(answering("hello"), padded),
    });
    expect(success).toBe(true);
    expect(id).toMatch(/^[a-z]+(-[a-z]+){3}$/);
    const { last, seen } = await settle(id);
    expect(last).toMatchObject({ done: true, success: true });
    expect(last.message).toContain(`${id}.localhost`);
    expect(seen.filter(({ done }) => !done).every((status) => status.success)).toBe(true);
    expect((await platform.ask(id, "/")).text).toBe("hello");
  });

  test("say done only once name, certificate and listener work", async () => {
    const { id } = await post({ lang: "wasm", options: null, tar: tarOf(answering("x"), false) });
    await settle(id);
    const ca = (await platform.ask("", "/ca.pem")).text;
    const health = await platform.ask(id, "/__health", { secure: true, ca });
    expect(health.status).toBe(200);
    expect(health.body.byteLength).toBeGreaterThan(0);
  });

  test("give a fresh name for the same project", async () => {
    const request = { lang: "wasm", options: null, tar: tarOf(answering("same"), false) };
    const [first, second] = [await post(request), await post(request)];
    expect(first.id).not.toBe(second.id);
  });

  test("take the hint for a hint: where its entry is missing, the other language's is built", async () => {
    const { id } = await post({ lang: "c", options: null, tar: tarOf(answering("by another name"), false) });
    expect((await settle(id)).last).toMatchObject({ done: true, success: true });
  });

  test("give the compiler's text for a program that does not compile", async () => {
    const { id } = await post({
      lang: "wasm",
      options: null,
      tar: tarOf({ "src/main.wat": '(module (func (export "run") (oops)))' }, false),
    });
    const { last } = await settle(id);
    expect(last).toMatchObject({ done: false, success: false });
    expect(last.message).toMatch(/main\.wat:1:\d+.*oops/s);
  });

  test("cut long compiler output at a line, and keep it whole in the log", async () => {
    const broken = Array.from(
      { length: 400 },
      (_, index) => `  (func $f${index} (nonsense_instruction_number_${index}))`,
    ).join("\n");
    const { id } = await post({
      lang: "wasm",
      options: null,
      tar: tarOf({ "src/main.wat": `(module\n${broken}\n)` }, false),
    });
    const { last } = await settle(id);
    expect(last.success).toBe(false);
    const { events } = await platform.api<{ events: { text: string }[] }>(`/api/v1/deployments/${id}/logs`);
    const log = events.map(({ text }) => text).join("\n");
    expect(Buffer.byteLength(log)).toBeGreaterThan(Buffer.byteLength(last.message));
  });

  test.each<[string, unknown, RegExp]>([
    ["something that is no JSON object", [], /body/],
    ["no archive", { lang: "c", options: null }, /tar/],
    ["text that is not base64", { lang: "c", options: null, tar: "***" }, /base64/],
    [
      "an archive that is none",
      { lang: "c", options: null, tar: Buffer.from("no tar at all").toString("base64") },
      /archive/i,
    ],
    [
      "a project without an entry",
      { lang: "c", options: null, tar: tarOf({ "README.md": "x" }, false) },
      /entry/,
    ],
    [
      "a module without run",
      { lang: "wasm", options: null, tar: tarOf({ "src/main.wat": "(module)" }, false) },
      /run/,
    ],
    [
      "a module with other imports",
      {
        lang: "wasm",
        options: null,
        tar: tarOf({ "src/main.wat": '(module (import "env" "nope" (func)) (func (export "run")))' }, false),
      },
      /env\.nope/,
    ],
    [
      "bytes that are not a module",
      { lang: "wasm", options: null, tar: tarOf({ "module.wasm": "not wasm" }, false) },
      /WebAssembly/,
    ],
  ])("give %s a name whose status says what is wrong", async (_, request, reason) => {
    const { id } = await post(request);
    const { last } = await settle(id);
    expect(last).toMatchObject({ success: false, done: false });
    expect(last.message).toMatch(reason);
  });

  test("know nothing of names that were never given", async () => {
    const answer = await platform.ask("", "/status/abandon-ability-able-about");
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text)).toMatchObject({ success: false, done: false });
  });

  test("refuse pages of other sites", async () => {
    const headers = { "content-type": "text/plain", "sec-fetch-site": "same-site" };
    const answer = await platform.ask("", "/deploy", {
      method: "POST",
      headers,
      body: JSON.stringify({ tar: "" }),
    });
    expect(answer.status).toBe(403);
  });
});
