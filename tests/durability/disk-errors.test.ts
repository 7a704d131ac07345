// A disk that breaks for a while: reads, writes and syncs of one kind of file fail with EIO in every process
// of a running platform. Nobody ends, what is held is served, the API names what is wrong, no acknowledged
// write is lost, and all heals without a restart.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder, terrarium } from "../e2e/platform.ts";
import { answering, LOGGING_AND_KEEPING, writeProject } from "../e2e/programs.ts";

import { APPENDING, ask } from "../storm/clients.ts";
import { READS, SYNCS, tracingTrouble, whileFailing, WRITES } from "./failing-calls.ts";

const trouble = tracingTrouble();
if (trouble !== null && process.env["CI"] === undefined)
  process.stderr.write(`SKIPPED: failing system calls (Debian package strace): ${trouble}\n`);

interface ServerView {
  readonly edges: readonly { readonly pid: number }[];
}

/** Longer than edges hold what they know of a deployment or an app without a look into the records. */
const OUTAGE_MS = 4000;
const HEALED = { timeout: 20_000 };
const STORE_TROUBLE = /^TER_STORE_(UNAVAILABLE|DAMAGED)$/;

describe.skipIf(trouble !== null && process.env["CI"] === undefined)("while a disk fails", () => {
  const folder = temporaryFolder();
  const data = join(folder.path, "data");
  const trace = join(folder.path, "trace");
  const hello = join(folder.path, "hello");
  let platform: Platform;
  let id: string;
  let writer: string;
  let logger: string;
  let before: number[];
  let tokens = 0;

  const withLog = (path: string) => [path, `${path}-wal`];
  const records = withLog(join(data, "terrarium.db"));
  const pids = async () => (await platform.api<ServerView>("/api/v1/server")).edges.map(({ pid }) => pid);
  const deploy = () => terrarium(["deploy", hello, "--server", platform.origin, "--json"]);
  const codeOf = (stderr: string) => /TER_[A-Z_]+/.exec(stderr)?.[0] ?? stderr;
  /** Appends a token; its text if that was acknowledged, else the code of the refusal. */
  const append = async () => {
    const token = `t${tokens++}`;
    const { status, headers } = await platform.ask(writer, `/a/k/${token};`);
    return status === 200 ? { token } : { code: String(headers["x-terrarium-error"]) };
  };

  beforeAll(async () => {
    platform = await Platform.start(data, ["--edges", "2", "--durability", "power"]);
    writeProject(hello, answering("hello"));
    const lasting = ["--ttl", "never"];
    ({ id } = await platform.deploy(hello, lasting));
    ({ id: writer } = await platform.deploy(writeProject(join(folder.path, "w"), APPENDING), lasting));
    ({ id: logger } = await platform.deploy(
      writeProject(join(folder.path, "l"), LOGGING_AND_KEEPING),
      lasting,
    ));
    for (let count = 0; count < 8; count++) {
      for (const each of [id, logger]) expect((await platform.ask(each, "/")).status).toBe(200);
      expect(await append()).toHaveProperty("token");
    }
    before = await pids();
  });
  afterEach(async () => {
    // Nobody ended, and everything works again.
    await expect.poll(async () => (await deploy()).code, HEALED).toBe(0);
    await expect.poll(append, HEALED).toHaveProperty("token");
    expect([await pids(), platform.starts]).toEqual([before, 1]);
  });
  afterAll(async () => {
    await platform.stop();
    folder[Symbol.dispose]();
  });

  test.each([
    ["reads", READS],
    ["writes", WRITES],
    ["syncs", SYNCS],
  ])("of %s of the records: edges serve, and deploys are refused", async (_name, calls) => {
    const answers = new Set<string>();
    await whileFailing(platform, trace, { calls, paths: records }, async () => {
      const endMs = performance.now() + OUTAGE_MS;
      while (performance.now() < endMs) {
        answers.add((await platform.ask(id, "/")).text);
        await pause(50);
      }
      const refused = await terrarium(["deploy", hello, "--server", platform.origin, "--json"]);
      expect([refused.code, codeOf(refused.stdout + refused.stderr)]).toEqual([
        1,
        expect.stringMatching(STORE_TROUBLE),
      ]);
    });
    expect([...answers]).toEqual(["hello"]);
  });

  test.each([
    ["reads", READS],
    ["writes", WRITES],
    ["syncs", SYNCS],
  ])(
    "of %s of a store: its own requests are refused, and no acknowledged write is lost",
    async (name, calls) => {
      const acknowledged: string[] = [];
      const codes = new Set<string>();
      const note = (answer: Awaited<ReturnType<typeof append>>) =>
        "token" in answer ? acknowledged.push(answer.token) : codes.add(answer.code);
      const paths = withLog(join(data, "kv", `${writer}.db`));
      await whileFailing(platform, trace, { calls, paths }, async () => {
        for (let count = 0; count < 20; count++) note(await append());
        expect((await platform.ask(id, "/")).text).toBe("hello");
      });
      if (name !== "reads") expect(codes.size).toBeGreaterThan(0);
      for (const code of codes) expect(code).toMatch(STORE_TROUBLE);
      await expect.poll(append, HEALED).toHaveProperty("token");
      for (let count = 0; count < 20; count++) note(await append());
      const value = (await ask(platform, writer, "/g/k"))?.split(";") ?? [];
      expect(acknowledged.filter((token) => value.filter((each) => each === token).length !== 1)).toEqual([]);
    },
  );

  test("after a sync that failed, a log is written again before the next sync is believed", async () => {
    const log = join(data, "kv", `${writer}.db-wal`);
    const lines = await whileFailing(platform, trace, { calls: SYNCS, paths: [log], when: "1" }, async () => {
      await expect.poll(append).toHaveProperty("code");
      await expect.poll(append, HEALED).toHaveProperty("token");
    });
    const failed = lines.findIndex((line) => /f(data)?sync\(.*EIO/.test(line));
    const again = lines.findIndex((line, index) => index > failed && /pwrite64\(.*, 0\) = /.test(line));
    const believed = lines.findIndex((line, index) => index > again && /f(data)?sync\(.*\) = 0/.test(line));
    expect(failed).toBeGreaterThanOrEqual(0);
    expect(again).toBeGreaterThan(failed);
    expect(believed).toBeGreaterThan(again);
  });

  test.each([
    ["reads", READS],
    ["writes", WRITES],
    ["syncs", SYNCS],
  ])("of %s of a log: requests are answered", async (_name, calls) => {
    const statuses = new Set<number>();
    await whileFailing(
      platform,
      trace,
      { calls, paths: withLog(join(data, "logs", `${logger}.db`)) },
      async () => {
        for (let count = 0; count < 20; count++) statuses.add((await platform.ask(logger, "/")).status);
        await pause(1000);
      },
    );
    expect([...statuses]).toEqual([200]);
    const logs = () => platform.ask("", `/api/v1/deployments/${logger}/logs`);
    await expect.poll(async () => (await logs()).status, HEALED).toBe(200);
  });

  test("of reads of blobs: what is loaded is served, what is not is refused, and then served", async () => {
    writeProject(join(folder.path, "other"), answering("other"));
    const { id: other } = await platform.deploy(join(folder.path, "other"), ["--ttl", "never"]);
    const blobs = readdirSync(join(data, "blobs"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    expect((await platform.ask(other, "/")).text).toBe("other");
    await whileFailing(platform, trace, { calls: READS, paths: blobs }, async () => {
      for (const each of [id, other]) expect((await platform.ask(each, "/")).status).toBe(200);
      expect((await deploy()).code).toBe(1);
    });
  });

  test("of syncs of everything that a deploy writes: it is refused, and the next one is not", async () => {
    writeProject(join(folder.path, "third"), answering("third"));
    await whileFailing(platform, trace, { calls: SYNCS, supervisorOnly: true }, async () => {
      const { code, stdout, stderr } = await terrarium([
        "deploy",
        join(folder.path, "third"),
        "--server",
        platform.origin,
        "--json",
      ]);
      expect([code, codeOf(stdout + stderr)]).toEqual([1, expect.stringMatching(STORE_TROUBLE)]);
    });
    const { id: third } = await platform.deploy(join(folder.path, "third"));
    expect((await platform.ask(third, "/")).text).toBe("third");
  });
});
