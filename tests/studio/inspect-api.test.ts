// What the studio's Request panel, inspector and module view read: requests sent for a page, records of
// requests, modules.
import { afterAll, beforeAll, expect, test } from "vitest";
import { isToolchainMissing, rustState } from "../../src/languages/rust/index.ts";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { archiveOf, LOGGING_AND_KEEPING, type Sources } from "../e2e/programs.ts";

const TRAPPING: Sources = {
  "assembly/index.ts": [
    'import { Request, Response, run_user } from "./http_guest";',
    "function user(request: Request): Response {",
    '  if (request.url == "/trap") unreachable();',
    "  const response = new Response();",
    "  response.status = 201;",
    '  response.body_string = request.method + " " + ' +
      'request.body_string + " " + request.get_header("x-given")![0];',
    "  return response;",
    "}",
    "export function run(): void { run_user(user); }",
  ].join("\n"),
};

/** Each answers by a trap, in the line of the file that is named. */
const TRAPS: readonly {
  readonly language: string;
  readonly sources: Sources;
  readonly file: string;
  readonly line: number;
}[] = [
  {
    language: "C",
    sources: {
      "src/main.c":
        "static void fail(void)\n{\n    __builtin_trap();\n}\n\nvoid run(void)\n{\n    fail();\n}\n",
    },
    file: "src/main.c",
    line: 3,
  },
  {
    language: "Rust",
    sources: {
      "src/lib.rs":
        '#[unsafe(no_mangle)]\npub extern "C" fn run() {\n    core::arch::wasm32::unreachable()\n}\n',
    },
    file: "src/lib.rs",
    line: 3,
  },
];

interface Sent {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

interface Listed {
  readonly requests: readonly {
    readonly path: string;
    readonly answeredBy: string;
    readonly responseBytes: number;
    readonly status: number;
    readonly usage: { readonly wallMs: number; readonly cpuMs: number; readonly memoryBytes: number };
    readonly calls: readonly {
      readonly name: string;
      readonly detail: string;
      readonly bytesIn: number;
      readonly result: string;
    }[];
    readonly log: readonly { readonly text: string }[];
    readonly fault: null | {
      readonly code: string;
      readonly frames: readonly { readonly file: string | null; readonly line: number | null }[];
    };
  }[];
}

const folder = temporaryFolder();
let platform: Platform;

beforeAll(async () => {
  platform = await Platform.start(folder.path);
});
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

async function deploy(server: Platform, sources: Sources): Promise<string> {
  const answer = await server.ask("", "/api/v1/deployments", {
    method: "POST",
    headers: { "content-type": "application/x-tar" },
    body: archiveOf(sources),
  });
  expect(answer.status, answer.text).toBe(201);
  return (JSON.parse(answer.text) as { deployment: { id: string } }).deployment.id;
}

async function send(server: Platform, id: string, request: object): Promise<Sent> {
  return await server.api<Sent>(`/api/v1/deployments/${id}/requests`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
}

test(
  "a request that is sent for a page reaches the program as " +
    "it was written, and the answer comes back whole",
  async () => {
    const id = await deploy(platform, TRAPPING);
    const sent = await send(platform, id, {
      method: "PUT",
      path: "/a?b",
      headers: [
        ["x-given", "value"],
        ["host", "elsewhere.example"],
      ],
      body: Buffer.from("body").toString("base64"),
    });
    expect([sent.status, Buffer.from(sent.body, "base64").toString()]).toEqual([201, "PUT body value"]);
  },
);

test(
  "a record names the request, its cost, its hostcalls " +
    "with what went in and came out, and its log lines",
  async () => {
    const id = await deploy(platform, LOGGING_AND_KEEPING);
    await platform.ask(id, "/first");
    const [record] = (await platform.api<Listed>(`/api/v1/deployments/${id}/requests`)).requests;
    expect(record).toMatchObject({
      path: "/first",
      status: 200,
      calls: [
        { name: "hostcall_debug", detail: "line of the program" },
        { name: "hostcall_kvstore_insert", detail: "k", bytesIn: 2, result: "1: the key was absent" },
      ],
      log: [{ text: "line of the program" }],
      fault: null,
    });
    expect(record?.usage.memoryBytes).toBe(65_536);
  },
);

test("the record of a trap names the source file and line", async () => {
  const id = await deploy(platform, TRAPPING);
  await send(platform, id, { path: "/trap" });
  const [record] = (await platform.api<Listed>(`/api/v1/deployments/${id}/requests`)).requests;
  expect(record?.fault).toMatchObject({
    code: "TER_GUEST_TRAP",
    frames: [{ file: "assembly/index.ts", line: 3 }, {}],
  });
});

test.each(TRAPS)(
  "the record of a trap in $language names the source file and line",
  { timeout: 300_000 },
  async ({ language, sources, file, line }) => {
    if (
      language === "Rust" &&
      process.env["CI"] === undefined &&
      isToolchainMissing((await rustState()).toolchain)
    )
      return void process.stderr.write("SKIPPED: no Rust here\n");
    const id = await deploy(platform, sources);
    const sent = await send(platform, id, {});
    const [record] = (await platform.api<Listed>(`/api/v1/deployments/${id}/requests`)).requests;
    expect(record?.fault?.code).toBe("TER_GUEST_TRAP");
    expect(record?.fault?.frames.slice(0, 2)).toContainEqual(expect.objectContaining({ file, line }));
    expect([record?.status, record?.responseBytes]).toEqual([
      sent.status,
      Buffer.from(sent.body, "base64").length,
    ]);
    expect(record?.responseBytes).toBeGreaterThan(20);
  },
);

test("files that answer are recorded as such, with what went out, and without a run", async () => {
  const id = await deploy(platform, { ...LOGGING_AND_KEEPING, "assets/file.txt": "0123456789" });
  await platform.ask(id, "/file.txt");
  await platform.ask(id, "/file.txt", { method: "HEAD" });
  await platform.ask(id, "/file.txt", { headers: { range: "bytes=2-4" } });
  await platform.ask(id, "/program");
  const { requests } = await platform.api<Listed>(`/api/v1/deployments/${id}/requests`);
  expect(
    requests.map(({ answeredBy, path, status, responseBytes, usage }) => [
      answeredBy,
      path,
      status,
      responseBytes,
      usage === null,
    ]),
  ).toEqual([
    ["asset", "/file.txt", 200, 10, true],
    ["asset", "/file.txt", 200, 0, true],
    ["asset", "/file.txt", 206, 3, true],
    ["program", "/program", 200, 0, false],
  ]);
});

test("a module is described, shown as text and given as it was built", async () => {
  const id = await deploy(platform, LOGGING_AND_KEEPING);
  const about = await platform.api<{ imports: { name: string }[]; functions: { size: number }[] }>(
    `/api/v1/deployments/${id}/module`,
  );
  expect(about.imports.map(({ name }) => name)).toEqual(["hostcall_debug", "hostcall_kvstore_insert"]);
  expect(about.functions).toHaveLength(1);
  expect((await platform.ask("", `/api/v1/deployments/${id}/module?format=wat`)).text).toContain(
    '(import "env" "hostcall_debug"',
  );
  const wasm = await platform.ask("", `/api/v1/deployments/${id}/module?format=wasm`);
  expect([wasm.body.subarray(0, 4).toString("latin1"), wasm.headers["content-disposition"]]).toEqual([
    "\0asm",
    "attachment",
  ]);
});

test("with --inspect off nothing is recorded, and the answer names the switch", async () => {
  using other = temporaryFolder();
  await using server = await Platform.start(other.path, ["--inspect", "off"]);
  const id = await deploy(server, LOGGING_AND_KEEPING);
  const answer = await server.ask("", `/api/v1/deployments/${id}/requests`);
  expect([answer.status, (JSON.parse(answer.text) as { code: string }).code]).toEqual([
    403,
    "TER_INSPECT_OFF",
  ]);
});
