// Somebody sets the machine's clock while the platform runs: real processes, whose clock a library fakes.
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "./platform.ts";
import { answering, LOGGING_AND_KEEPING, writeProject } from "./programs.ts";

const LIBRARY = libraryPath();
if (LIBRARY === null && process.env["CI"] === undefined)
  process.stderr.write("SKIPPED: no libfaketime here (Debian package faketime): nobody sets the clock\n");

const HOUR_S = 3600;
const YEAR_S = 365 * 24 * HOUR_S;

describe.skipIf(LIBRARY === null && process.env["CI"] === undefined)("a step of the machine's clock", () => {
  const folder = temporaryFolder();
  const stepFile = join(folder.path, "step");
  let platform: Platform;

  const setClock = async (seconds: number) => {
    writeFileSync(stepFile, `${seconds < 0 ? "" : "+"}${seconds}\n`);
    const wallMs = Date.now() + seconds * 1000;
    // Whoever looks once a second has noticed it when expiry dates are told by the new clock.
    await expect
      .poll(async () => Math.abs(Date.parse((await serverView()).startedAt) - wallMs), { timeout: 10_000 })
      .toBeLessThan(HOUR_S * 500);
  };
  const serverView = () => platform.api<{ readonly startedAt: string }>("/api/v1/server");
  const deploymentOf = async (id: string) =>
    (
      await platform.api<{ deployment: { expiresAt: string; expiresInMs: number } }>(
        `/api/v1/deployments/${id}`,
      )
    ).deployment;

  beforeAll(async () => {
    writeFileSync(stepFile, "+0\n");
    writeProject(join(folder.path, "hello"), answering("hello"));
    writeProject(join(folder.path, "keeping"), LOGGING_AND_KEEPING);
    platform = await Platform.start(join(folder.path, "data"), ["--edges", "2"], {
      LD_PRELOAD: LIBRARY ?? "",
      FAKETIME_TIMESTAMP_FILE: stepFile,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    });
  });
  afterAll(async () => {
    await platform.stop();
    folder[Symbol.dispose]();
  });

  test("leaves what is due later the time it had left, forward and back, and is logged", async () => {
    const { id } = await platform.deploy(join(folder.path, "keeping"), ["--ttl", "10m"]);
    await setClock(HOUR_S);
    expect((await platform.ask(id, "/")).status).toBe(200);
    const { expiresAt, expiresInMs } = await deploymentOf(id);
    expect(expiresInMs).toBeGreaterThan(5 * 60_000);
    expect(expiresInMs).toBeLessThanOrEqual(10 * 60_000);
    expect(Math.abs(Date.parse(expiresAt) - HOUR_S * 1000 - Date.now() - expiresInMs)).toBeLessThan(60_000);
    await setClock(-HOUR_S);
    expect((await platform.ask(id, "/")).status).toBe(200);
    expect((await deploymentOf(id)).expiresInMs).toBeLessThanOrEqual(10 * 60_000);
    expect(platform.stderr).toContain("clock was set forward by 3600");
    expect(platform.stderr).toContain("clock was set back by 7200");
    await setClock(0);
    const { events } = await platform.api<{ events: readonly { at: string }[] }>(
      `/api/v1/deployments/${id}/logs`,
    );
    const times = events.map(({ at }) => at);
    expect(times.length).toBeGreaterThan(1);
    expect(times).toEqual(times.toSorted());
  });

  test("does not let a deployment outlive its time", async () => {
    const { id } = await platform.deploy(join(folder.path, "hello"), ["--ttl", "3s"]);
    await setClock(-HOUR_S);
    await expect.poll(async () => (await platform.ask(id, "/")).status, { timeout: 20_000 }).toBe(404);
    await setClock(0);
  });

  test("is followed by certificates, which clients compare with their own clocks", async () => {
    for (const seconds of [YEAR_S, -HOUR_S * 100]) {
      await setClock(seconds);
      const { id } = await platform.deploy(join(folder.path, "hello"), ["--ttl", "10m"]);
      const { validFromDate, validToDate } = await presented(platform, id);
      const wallMs = Date.now() + seconds * 1000;
      expect(validFromDate.getTime()).toBeLessThanOrEqual(wallMs);
      expect(validToDate.getTime()).toBeGreaterThan(wallMs);
    }
    await setClock(0);
  });

  test("is survived by a supervisor that starts after it", async () => {
    const { id } = await platform.deploy(join(folder.path, "hello"), ["--ttl", "10m"]);
    await setClock(HOUR_S);
    const starts = platform.starts;
    process.kill(platform.ready.pid, "SIGKILL");
    await platform.readyLine(starts + 1);
    await expect.poll(async () => (await platform.ask(id, "/")).status, { timeout: 10_000 }).toBe(200);
    const { expiresInMs } = await deploymentOf(id);
    expect(expiresInMs).toBeGreaterThan(5 * 60_000);
    await setClock(0);
  });
});

/** The certificate for a deployment, valid today or not. */
async function presented({ ready }: Platform, id: string): Promise<X509Certificate> {
  const socket = connect({
    port: ready.httpsPort ?? 0,
    host: "127.0.0.1",
    servername: `${id}.localhost`,
    rejectUnauthorized: false,
  });
  await once(socket, "secureConnect");
  const certificate = new X509Certificate(socket.getPeerCertificate().raw);
  socket.destroy();
  return certificate;
}

function libraryPath(): string | null {
  const paths = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map(
    (folder) => `/usr/lib/${folder}/faketime/libfaketimeMT.so.1`,
  );
  return paths.find((path) => existsSync(path)) ?? null;
}
