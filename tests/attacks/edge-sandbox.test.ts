// What somebody finds who breaks out of V8 in an edge.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { edgeSurroundings } from "../../src/control/supervisor/edge-surroundings.ts";
import { EdgeSandbox } from "../../src/sandbox/edge-sandbox.ts";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { answering, LOGGING_AND_KEEPING, writeProject } from "../e2e/programs.ts";

const found = await EdgeSandbox.find(process.env["PATH"] ?? "");
const reason = found instanceof EdgeSandbox ? null : found.missing;
if (reason !== null && process.env["CI"] === undefined)
  process.stderr.write(`SKIPPED: no sandbox for edges here: ${reason}\n`);

describe.skipIf(reason !== null && process.env["CI"] === undefined)("in the sandbox of an edge", () => {
  const folder = temporaryFolder();
  const data = join(folder.path, "data");
  let platform: Platform;
  beforeAll(async () => {
    platform = await Platform.start(data, ["--edges", "2"]);
    writeProject(join(folder.path, "hello"), answering("hello"));
    writeProject(join(folder.path, "keeping"), LOGGING_AND_KEEPING);
  });
  afterAll(async () => {
    await platform.stop();
    folder[Symbol.dispose]();
  });

  test("there is nothing to see, to start, or to change but what an edge needs", async () => {
    const { id } = await platform.deploy(join(folder.path, "keeping"));
    expect((await platform.ask(id, "/")).status).toBe(200);
    const runDir = join(data, "run");
    const secret = ["operator-token", "supervisor.lock", "clock.json", "tls", "tls/authority.pem"];
    const foreign = ["/etc/shadow", "/etc/passwd", "/root", "/home", join(folder.path, "hello")];
    const readOnly = ["terrarium.mjs", join(data, "blobs", "new"), join(runDir, "new"), process.execPath];
    const worked = await tryAll(data, runDir, {
      read: [...secret.map((name) => join(data, name)), ...foreign],
      write: [...readOnly, "/etc/hosts", join(import.meta.dirname, "../../src/cli/main.ts")],
    });
    expect(worked).toEqual({});
  });

  test("an edge's own files are there", async () => {
    const runDir = join(data, "run");
    const blob = readdirSync(join(data, "blobs"))[0] ?? "";
    const read = [join(data, "terrarium.db"), join(data, "blobs", blob), "/etc/hosts"];
    const [inStore, inMemory] = [join(data, "kv", "new"), "/tmp/new"];
    const worked = await tryAll(data, runDir, { read, write: [inStore, inMemory] });
    expect([existsSync(inStore), existsSync(inMemory)]).toEqual([true, false]);
    expect(Object.keys(worked).toSorted()).toEqual(
      [
        `list ${read[1]}`,
        `read ${read[0]}`,
        `read ${read[2]}`,
        `write ${inStore}`,
        `write ${inMemory}`,
      ].toSorted(),
    );
    rmSync(inStore);
  });

  test("is every edge of a running platform, the spare one, and what rewrites the next module", async () => {
    await expect.poll(() => edgesBelow(platform.ready.pid).length, { timeout: 10_000 }).toBe(4);
    for (const pid of edgesBelow(platform.ready.pid)) {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      expect(status).toMatch(/^CapEff:\s+0+$/m);
      expect(status).toMatch(/^CapBnd:\s+0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
      expect(status).toMatch(/^Seccomp:\s+2$/m);
      expect(status).toMatch(/^NSpid:\s+\d+\s+\d+$/m);
      expect(realpathSync(`/proc/${pid}/cwd`)).not.toContain(folder.path);
    }
  });

  test("a public server without the program that makes them does not start, unless told", async () => {
    const empty = mkdtempSync(join(tmpdir(), "terrarium-path-"));
    const start = async (name: string, ...args: string[]) => {
      const server = await Platform.start(join(folder.path, name), ["--public", ...args], { PATH: empty });
      await server.stop();
      return server.ready.pid;
    };
    await expect(start("public")).rejects.toThrow("A public server needs a sandbox for its edges");
    expect(await start("bare", "--unsafe-no-sandbox")).toBeGreaterThan(0);
    rmSync(empty, { recursive: true });
  });
});

interface Targets {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** Runs `escaped.mjs` in place of an edge of that data directory; resolves to what it could do. */
async function tryAll(dataDir: string, runDir: string, { read, write }: Targets): Promise<object> {
  if (!(found instanceof EdgeSandbox)) throw new Error(`no sandbox: ${reason}`);
  const config = loadConfig({ data: dataDir }, readEnvironment({}), process.cwd());
  const own = join(runDir, "e-test");
  mkdirSync(own, { recursive: true });
  const program = join(import.meta.dirname, "escaped.mjs");
  const surroundings = edgeSurroundings(config, runDir);
  const { child, pids } = found.start(
    [process.execPath, program, JSON.stringify(read), JSON.stringify(write)],
    {
      surroundings: {
        readable: [...surroundings.readable, program],
        writable: [...surroundings.writable, own],
      },
      env: { PATH: process.env["PATH"] },
    },
  );
  const [worked] = (await once(child, "message", { signal: AbortSignal.timeout(20_000) })) as [object];
  expect((await pids)?.own).toBeGreaterThan(2);
  rmSync(own, { recursive: true });
  return worked;
}

/** Process ids of the sandboxed programs that a supervisor started. */
function edgesBelow(supervisor: number): number[] {
  const childrenOf = (pid: number) =>
    execFileSync("ps", ["-o", "pid=,comm=", "--ppid", String(pid)], { encoding: "utf8" })
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .map(([id, name]) => ({ pid: Number(id), name }))
      .filter(({ pid }) => pid > 0);
  const inits = childrenOf(supervisor).filter(({ name }) => name === "bwrap");
  return inits
    .flatMap(({ pid }) => childrenOf(pid))
    .flatMap(({ pid }) => childrenOf(pid))
    .map(({ pid }) => pid);
}
