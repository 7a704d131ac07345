// A deployment that burns CPU beside one that does not, on a platform as people start it.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answering, SPINNING, writeProject } from "./programs.ts";
import { Platform, temporaryFolder, terrarium } from "./platform.ts";
import { join } from "node:path";

interface Shown {
  readonly deployment: {
    readonly quarantine: null | { readonly since: string; readonly reason: string; readonly edge: string };
  };
}

const folder = temporaryFolder();
let platform: Platform;
let burner: string;
let neighbour: string;
beforeAll(async () => {
  platform = await Platform.start(join(folder.path, "data"), ["--edges", "1", "--limit", "cpuMs=100"]);
  burner = (await platform.deploy(writeProject(join(folder.path, "burner"), SPINNING))).id;
  neighbour = (await platform.deploy(writeProject(join(folder.path, "neighbour"), answering("here")))).id;
}, 120_000);
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

const shown = async (id: string) =>
  (await platform.api<Shown>(`/api/v1/deployments/${id}`)).deployment.quarantine;
const metric = async (name: string) =>
  Number(new RegExp(`^${name} (\\S+)$`, "m").exec((await platform.ask("", "/metrics")).text)?.[1]);

describe("a deployment that burns CPU", () => {
  it("is in quarantine after three offences", async () => {
    for (let offence = 1; offence <= 3; offence++) {
      expect(await shown(burner)).toBeNull();
      expect((await platform.ask(burner, "/")).text).toMatch(/CPU time/);
    }
    await expect.poll(() => shown(burner)).toMatchObject({ reason: expect.stringContaining("CPU limit") });
    expect(await shown(neighbour)).toBeNull();
  });

  it("is answered there, by another process than before", async () => {
    await expect.poll(() => metric("terrarium_edges"), { timeout: 20_000 }).toBe(2);
    const busy = Promise.all(Array.from({ length: 5 }, () => platform.ask(burner, "/")));
    // One edge alone would be busy with the five for half a second before it came to the neighbour.
    const first = await Promise.race([
      busy.then(() => "burner"),
      platform.ask(neighbour, "/").then(({ text }) => text),
    ]);
    expect(first).toBe("here");
    for (const { status, text } of await busy)
      expect([status, text]).toEqual([500, expect.stringContaining("CPU time")]);
  });

  it("still tells what a run took, by the clock of the process that ran it", async () => {
    const { headers } = await platform.ask(burner, "/", { headers: { "x-terrarium-timing": "1" } });
    const [, runMs, cpuMs] = (
      /^run;dur=([\d.]+), cpu;dur=([\d.]+)$/.exec(String(headers["server-timing"])) ?? []
    ).map(Number);
    expect(cpuMs).toBeGreaterThanOrEqual(100);
    expect(runMs).toBeGreaterThanOrEqual(cpuMs! - 1);
  });

  it("shows in the command", async () => {
    const { stdout } = await terrarium(["show", burner, "--server", platform.origin], {
      env: { TERRARIUM_JSON: "" },
    });
    expect(stdout).toMatch(/^edge +apart-.*its own since .*CPU limit/m);
  });

  it("gives its edge back when it is gone", async () => {
    await platform.ask("", `/api/v1/deployments/${burner}`, { method: "DELETE" });
    await expect.poll(() => metric("terrarium_edges"), { timeout: 20_000 }).toBe(1);
    expect((await platform.ask(neighbour, "/")).text).toBe("here");
  });
});

describe("the metrics", () => {
  it("count requests, runs, faults by code and compiled modules", async () => {
    const before = await metric("terrarium_requests_total");
    await platform.ask(neighbour, "/");
    const { text, headers } = await platform.ask("", "/metrics");
    expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    // The neighbour's request, the one before this and this one.
    expect(await metric("terrarium_requests_total")).toBe(before + 3);
    expect(text).toMatch(/^terrarium_faults_total\{code="TER_GUEST_LIMIT"\} 9$/m);
    expect(text).toMatch(/^terrarium_run_duration_seconds_bucket\{le="\+Inf"\} \d+$/m);
    expect(Number(/^terrarium_run_cpu_seconds_total (\S+)$/m.exec(text)?.[1])).toBeGreaterThan(0.5);
    expect(Number(/^terrarium_compiles_total (\S+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(2);
  });
});
