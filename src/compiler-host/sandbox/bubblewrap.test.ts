// What a program in the sandbox can reach: each restriction is tested by a program that tries to get around
// it. Runs on machines that have bubblewrap.
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEnvironment } from "../../config/environment.ts";
import { findWorkingSandbox, type Walls, withinWalls } from "./bubblewrap.ts";
import { runCommand } from "./command.ts";

const { ci, path } = readEnvironment();
const sandbox = await findWorkingSandbox(path);
if (sandbox === null && !ci) process.stderr.write("\n*** THE SANDBOX IS NOT TESTED: install bubblewrap\n\n");

const MIB = 1024 * 1024;
/** Durations that no other program sleeps for, to find processes by. */
const MARKS = [`98765.${process.pid}`, `98766.${process.pid}`] as const;
const LIMITS = { memoryBytes: 2 ** 40, fileBytes: 64 * MIB, processes: 64, cpuSeconds: 30 };

describe.skipIf(sandbox === null && !ci)("a program within walls", () => {
  let folder = "";
  let inside = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "terrarium-walls-"));
    inside = join(folder, "inside");
    mkdirSync(inside);
    writeFileSync(join(folder, "secret"), "secret of the host");
    writeFileSync(join(inside, "given"), "given");
    writeFileSync(join(folder, "artefact"), "");
    // Open to everybody: only the sandbox protects them.
    chmodSync(folder, 0o777);
    chmodSync(inside, 0o777);
    chmodSync(join(inside, "given"), 0o666);
    chmodSync(join(folder, "artefact"), 0o666);
  });
  afterAll(() => {
    // Otherwise a process that escaped would stay on the machine long after the test.
    for (const pid of MARKS.flatMap(processesWith)) process.kill(Number(pid), "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  /** Output and code of a command. */
  const run = async (
    file: string,
    args: readonly string[],
    walls: Partial<Walls> = {},
    signal = AbortSignal.timeout(60_000),
  ): Promise<{ said: string; code: number }> => {
    const lines: string[] = [];
    const listener = {
      onStdout: (line: string): void => void lines.push(line),
      onStderr: (line: string): void => void lines.push(line),
    };
    const all: Walls = {
      readable: [inside],
      writable: [],
      artefact: join(folder, "artefact"),
      temporaryBytes: 16 * MIB,
      limits: LIMITS,
      ...walls,
    };
    const command = withinWalls(
      { file, arguments: args, cwd: inside, env: { PATH: path, GIVEN: "1" } },
      sandbox!,
      all,
    );
    const code = await runCommand(command, listener, signal);
    return { said: lines.join("\n"), code };
  };
  const shell = (script: string, walls: Partial<Walls> = {}, signal?: AbortSignal) =>
    run("/bin/sh", ["-c", script], walls, signal);

  it("reads what it is given, and runs the system's programs", async () => {
    expect(await shell("cat given && ls /usr > /dev/null")).toEqual({ said: "given", code: 0 });
  });

  it("sees neither the machine's users, nor home folders, nor anything next to its folder", async () => {
    for (const file of [
      "/etc/passwd",
      "/etc/shadow",
      "/root/.bashrc",
      "/home",
      join(folder, "secret"),
      "../secret",
      "/sys/class/net",
      "/var/log",
      "/run",
    ]) {
      expect((await shell(`ls -d ${file} 2>/dev/null`)).said, file).toBe("");
    }
  });

  it("sees no environment but its own", async () => {
    process.env["TERRARIUM_TEST_SECRET"] = "secret of the environment";
    const { said } = await shell("env; cat /proc/*/environ");
    delete process.env["TERRARIUM_TEST_SECRET"];
    expect(said).toContain("GIVEN=1");
    expect(said).not.toContain("secret of the environment");
  });

  it("sees no process but its own", async () => {
    const { said } = await shell("ls -d /proc/[0-9]* | wc -l");
    expect(Number(said)).toBeLessThan(8);
  });

  it("cannot change what it may read", async () => {
    await shell(
      "echo poisoned > given; rm -f given; touch new; echo x >> /usr/poisoned; echo x > /etc/poisoned",
    );
    expect(readFileSync(join(inside, "given"), "utf8")).toBe("given");
    expect(readdirSync(inside)).toEqual(["given"]);
    expect(existsSync("/usr/poisoned")).toBe(false);
  });

  it("writes the artifact, but cannot replace it with a link", async () => {
    const artefact = join(folder, "artefact");
    await shell(`echo made > ${artefact}`);
    expect(readFileSync(artefact, "utf8")).toBe("made\n");
    await shell(`rm -f ${artefact}; ln -sf ${join(folder, "secret")} ${artefact}; mv -f /tmp/x ${artefact}`);
    expect(readFileSync(artefact, "utf8")).toBe("made\n");
  });

  it.each([
    ["its own folder of temporary files", "/tmp/fill"],
    ["the root", "/fill"],
    ["devices", "/dev/fill"],
    ["shared memory", "/dev/shm/fill"],
  ])("fills no more than it was given of %s", async (_, file) => {
    const { said } = await shell(
      `head -c 40M /dev/zero > ${file} 2>/dev/null; wc -c < ${file} 2>/dev/null || echo 0`,
    );
    expect(Number(said.split("\n").at(-1))).toBeLessThanOrEqual(16 * MIB);
  });

  it("writes no file beyond the limit", async () => {
    const { said } = await shell("head -c 40M /dev/zero > /tmp/fill 2>/dev/null; wc -c < /tmp/fill", {
      temporaryBytes: 64 * MIB,
      limits: { ...LIMITS, fileBytes: MIB },
    });
    expect(Number(said.split("\n").at(-1))).toBeLessThanOrEqual(MIB);
  });

  it("starts no more processes than its limit", async () => {
    const { said } = await run(
      "/bin/bash",
      ["-c", "for i in $(seq 300); do sleep 30 & done 2>/dev/null; jobs -r | wc -l"],
      { limits: { ...LIMITS, processes: 40 } },
    );
    expect(Number(said.split("\n").at(-1) || "0")).toBeLessThan(40);
  });

  it("is not root", async () => {
    expect(
      (
        await shell(
          "cat /proc/self/status | grep -E '^(CapEff|CapBnd|NoNewPrivs)'; " +
            "mount -t tmpfs none /tmp 2>/dev/null && echo mounted",
        )
      ).said,
    ).not.toContain("mounted");
  });

  it("makes no namespace of its own, and traces no process", async () => {
    const { said } = await shell(
      "unshare --user true 2>&1 || echo refused; unshare --mount true 2>&1 || echo refused; " +
        "grep Seccomp: /proc/self/status",
    );
    expect(said.match(/Operation not permitted/g)).toHaveLength(2);
    expect(said).toMatch(/Seccomp:\s+2/);
  });

  it("reads of /proc only what is about its own processes", async () => {
    const { said } = await shell(
      "cd /proc && for f in *; do [ -L $f ] || case $f in [0-9]*) ;; *) find $f -type f -size +0; " +
        "[ -d $f ] || cat $f 2> /dev/null; esac; done; ls /proc/sys /proc/bus; cat /proc/self/comm",
    );
    expect(said.split("\n")).toEqual(["/proc/bus:", "", "/proc/sys:", "cat"]);
  });

  it("takes no more memory than its limit", async () => {
    const { code } = await shell("head -c 200M /dev/zero | tail -c 200M > /dev/null", {
      limits: { ...LIMITS, memoryBytes: 64 * MIB },
    });
    expect(code).not.toBe(0);
  });

  it("takes no more CPU than its limit", async () => {
    const startedAt = Date.now();
    await shell("while :; do :; done", { limits: { ...LIMITS, cpuSeconds: 1 } });
    expect(Date.now() - startedAt).toBeLessThan(20_000);
  });

  it("leaves no process behind", async () => {
    const mark = MARKS[0];
    await run("/bin/bash", [
      "-c",
      `(setsid sleep ${mark} </dev/null >/dev/null 2>&1 &) ; (nohup ` +
        `sleep ${mark} </dev/null >/dev/null 2>&1 &); sleep 0.2`,
    ]);
    await untilGone(mark);
    expect(processesWith(mark)).toEqual([]);
  });

  it("dies with all its children when its build is abandoned", async () => {
    const mark = MARKS[1];
    const giveUp = new AbortController();
    const running = shell(`setsid sleep ${mark} & echo started; sleep ${mark}`, {}, giveUp.signal);
    while (processesWith(mark).length < 2) await new Promise((resolve) => setImmediate(resolve));
    const ended = expect(running).rejects.toThrow("given up");
    giveUp.abort(new Error("given up"));
    await untilGone(mark);
    expect(processesWith(mark)).toEqual([]);
    await ended;
  });

  it("reaches no socket of the machine: IPv4, IPv6, by path or by abstract name", async () => {
    const heard: string[] = [];
    const abstract = `\0terrarium-test-${process.pid}`;
    const servers = await Promise.all([
      listen(heard, { host: "127.0.0.1", port: 0 }),
      listen(heard, { host: "::1", port: 0 }),
      listen(heard, { path: join(folder, "socket") }),
      listen(heard, { path: abstract }),
    ]);
    const targets = servers
      .map((server) => server.address())
      .map((address) =>
        typeof address === "object" && address !== null
          ? { host: address.address, port: address.port }
          : { path: address ?? "" },
      );
    const script =
      `for (const to of ${JSON.stringify(targets)}) ` +
      `require("node:net").connect(to).on("connect", () => ` +
      `console.log("connected")).on("error", (e) => console.log(e.code));`;
    const { said } = await run(process.execPath, ["-e", script], { readable: [inside, process.execPath] });
    for (const server of servers) server.close();
    expect(said.split("\n")).toHaveLength(4);
    expect(said).not.toContain("connected");
    expect(heard).toEqual([]);
  });

  it("has its own empty network", async () => {
    const { said } = await shell("cat /proc/net/dev | tail -n +3 | cut -d: -f1");
    expect(said.trim()).toBe("lo");
  });
});

async function listen(heard: string[], options: object): Promise<Server> {
  const server = createServer((socket) => {
    heard.push(JSON.stringify(options));
    socket.destroy();
  });
  server.listen(options);
  await once(server, "listening");
  return server;
}

/** Processes on the machine with a word in their command line. */
function processesWith(mark: string): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").includes(mark);
    } catch {
      return false;
    }
  });
}

/** The kernel takes a moment; what is still there after five seconds will stay. */
async function untilGone(mark: string): Promise<void> {
  const late = Date.now() + 5000;
  while (processesWith(mark).length > 0 && Date.now() < late)
    await new Promise((resolve) => setImmediate(resolve));
}
