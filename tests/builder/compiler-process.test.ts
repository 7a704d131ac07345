// The compiler process: what it may do, when it ends, and what its end means.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createBuilder } from "../../src/builder/index.ts";
import { CompilerProcess } from "../../src/compiler-host/worker/compiler-process.ts";
import { permissionFlags } from "../../src/compiler-host/worker/permissions.ts";
import { C_TOOLCHAIN } from "../../src/languages/c/compiler.ts";
import { WAT_TOOLCHAIN } from "../../src/languages/wat/compiler.ts";
import { DEFAULT_LIMITS } from "../../src/config/index.ts";
import { LANGUAGES, projectOf } from "./languages.ts";
import { isProcessAlive } from "../../src/processes/alive.ts";

const never = new AbortController().signal;
const silent = (): void => undefined;
const WAT = {
  kind: "compile",
  files: projectOf({ "src/main.wat": "(module)" }),
  flags: [],
  maxOutputBytes: 1000,
} as const;
const ENDLESS = {
  kind: "compile",
  files: projectOf(LANGUAGES.find(({ language }) => language === "c")!.endless!),
  flags: [],
  maxOutputBytes: 1000,
} as const;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "terrarium-process-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function compilerProcess(
  changes: Partial<ConstructorParameters<typeof CompilerProcess>[0]> = {},
): CompilerProcess {
  const compiler = new CompilerProcess({
    toolchain: WAT_TOOLCHAIN,
    label: "WAT",
    execArgv: [],
    folder,
    idleMs: 60_000,
    maxRssBytes: 1e9,
    ...changes,
  });
  onTestFinished(() => compiler.stop());
  return compiler;
}

test("a refusal arrives with its code, message, fix and details, and ends nothing", async () => {
  const compiler = compilerProcess();
  const refused = compiler.run({ ...WAT, flags: ["-O3"] }, never, silent);
  await expect(refused).rejects.toMatchObject({
    code: "TER_BUILD_FLAG_REFUSED",
    message: 'Compiler flag "-O3" is not supported',
    fix: "Remove it: this language takes no compiler flags",
    details: { flag: '"-O3"' },
  });
  const { pid } = compiler;
  await compiler.run(WAT, never, silent);
  expect(compiler.pid).toBe(pid);
});

test("serves job after job from one process", async () => {
  const compiler = compilerProcess();
  await compiler.run(WAT, never, silent);
  const { pid } = compiler;
  await compiler.run(WAT, never, silent);
  expect(compiler.pid).toBe(pid);
});

test("killed from outside, it is an error with a message, and the next job has a new process", async () => {
  const compiler = compilerProcess({ toolchain: C_TOOLCHAIN, label: "C" });
  await compiler.run({ kind: "warm" }, never, silent);
  const running = compiler.run(ENDLESS, never, silent);
  process.kill(compiler.pid!, "SIGKILL");
  await expect(running).rejects.toThrow("The C compiler crashed: its process was killed");
  await expect(compiler.run({ kind: "warm" }, never, silent)).resolves.toEqual({ kind: "warmed" });
});

test("an aborted job ends its process before it rejects", async () => {
  const compiler = compilerProcess({ toolchain: C_TOOLCHAIN, label: "C" });
  await compiler.run({ kind: "warm" }, never, silent);
  const pid = compiler.pid!;
  await expect(compiler.run(ENDLESS, AbortSignal.timeout(100), silent)).rejects.toMatchObject({
    name: "TimeoutError",
  });
  expect(isProcessAlive(pid)).toBe(false);
  expect(compiler.pid).toBeUndefined();
});

test("a job that is aborted while the process starts ends it too", async () => {
  const compiler = compilerProcess();
  const abort = new AbortController();
  const running = compiler.run(WAT, abort.signal, silent);
  abort.abort(new Error("gone"));
  await expect(running).rejects.toThrow("gone");
  expect(compiler.pid).toBeUndefined();
});

test("is stopped when idle, and replaced when it has grown", async () => {
  const idle = compilerProcess({ idleMs: 1 });
  await idle.run(WAT, never, silent);
  await vi.waitFor(() => expect(idle.pid).toBeUndefined(), { timeout: 30_000 });
  const grown = compilerProcess({ maxRssBytes: 1 });
  await grown.run(WAT, never, silent);
  expect(grown.pid).toBeUndefined();
});

test.runIf(process.platform === "linux")("has an empty environment", async () => {
  process.env["TERRARIUM_TEST_SECRET"] = "secret";
  onTestFinished(() => void delete process.env["TERRARIUM_TEST_SECRET"]);
  const compiler = compilerProcess();
  await compiler.run(WAT, never, silent);
  const names = (await readFile(`/proc/${compiler.pid}/environ`, "utf8"))
    .split("\0")
    .map((entry) => entry.split("=")[0]);
  // Node's own, for the channel.
  expect(names.filter((name) => name !== "" && !name?.startsWith("NODE_CHANNEL_"))).toEqual([]);
});

test("its permissions deny other files, writing, processes and the network", async () => {
  const secret = join(folder, "secret");
  await writeFile(secret, "secret");
  const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const probe = `
    const fs = require("node:fs"), results = {};
    const attempt = (name, action) => {
      try { action(); results[name] = "allowed"; } catch (error) { results[name] = error.code; }
    };
    attempt("own", () => fs.readFileSync(${JSON.stringify(join(import.meta.dirname, "../../package.json"))}));
    attempt("read", () => fs.readFileSync(${JSON.stringify(secret)}));
    attempt("write", () => fs.writeFileSync(${JSON.stringify(join(folder, "written"))}, "x"));
    attempt("spawn", () => require("node:child_process").spawnSync("true"));
    const socket = require("node:net").connect(${port}, "127.0.0.1");
    socket.on("connect", () => { results.connect = "allowed"; socket.end(); });
    socket.on("error", (error) => { results.connect = error.code; });
    socket.on("close", () => console.log(JSON.stringify(results)));
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--no-warnings", ...permissionFlags(C_TOOLCHAIN.packages), "-e", probe],
    { env: {} },
  );
  expect(JSON.parse(stdout)).toEqual({
    own: "allowed",
    read: "ERR_ACCESS_DENIED",
    write: "ERR_ACCESS_DENIED",
    spawn: "ERR_ACCESS_DENIED",
    connect: "ERR_ACCESS_DENIED",
  });
  expect(existsSync(join(folder, "written"))).toBe(false);
});

test("asc reads only the project's sources: a configuration that would load code is ignored", async () => {
  const builder = createBuilder({ dataDir: folder, limits: DEFAULT_LIMITS });
  onTestFinished(() => builder.close());
  const evil = {
    "asconfig.json": '{"options":{"transform":["./evil.js"]}}',
    "evil.js": "throw new Error('loaded')",
    "node_modules/x/package.json": "{",
  };
  const project = projectOf({ "assembly/index.ts": "export function run(): void {}\n", ...evil });
  await expect(builder.build(project, { hint: null, flags: [] })).resolves.toMatchObject({
    language: "assemblyscript",
  });
  const outside = projectOf({
    "assembly/index.ts":
      'import { x } from "../../../../../../../etc/passwd";\nexport function run(): void { x(); }\n',
  });
  await expect(builder.build(outside, { hint: null, flags: [] })).rejects.toThrow("not found");
});

test.runIf(process.platform === "linux")(
  "dies with its parent in the middle of an endless compile",
  async () => {
    const parent = join(folder, "parent.mts");
    const source = new URL("../../src/compiler-host/worker/compiler-process.ts", import.meta.url).href;
    const options = {
      toolchain: C_TOOLCHAIN,
      label: "C",
      execArgv: [],
      folder,
      idleMs: 60_000,
      maxRssBytes: 1e9,
    };
    const files = Object.entries(LANGUAGES.find(({ language }) => language === "c")!.endless!);
    await writeFile(
      parent,
      `import { CompilerProcess } from ${JSON.stringify(source)};
     const compiler = new CompilerProcess(${JSON.stringify(options)});
     const never = new AbortController().signal;
     await compiler.run({ kind: "warm" }, never, () => undefined);
     const files = new Map(${JSON.stringify(files)}.map(([name, text]) => [name, Buffer.from(text)]));
     void compiler.run({ kind: "compile", files, flags: [], maxOutputBytes: 1000 }, never, () => undefined);
     setImmediate(() => console.log(compiler.pid));`,
    );
    const child = spawn(process.execPath, [parent], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    expect(isProcessAlive(pid)).toBe(true);
    child.kill("SIGKILL");
    await vi.waitFor(() => expect(isProcessAlive(pid)).toBe(false), { timeout: 30_000 });
  },
);
