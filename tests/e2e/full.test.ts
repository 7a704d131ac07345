// A platform at its limit of deployments: what the next one gets, and what makes room.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Platform, temporaryFolder, terrarium } from "./platform.ts";
import { answering, archiveOf, writeProject } from "./programs.ts";

const MESSAGE = "Deployment limit (2) reached";
const FIX =
  "Delete a deployment, wait until one expires, or start the server with a higher --limit deployments=N";

const folder = temporaryFolder();
let platform: Platform;
let project: string;
let kept: string;
beforeAll(async () => {
  platform = await Platform.start(join(folder.path, "data"), [
    "--edges",
    "1",
    "--log-level",
    "silent",
    "--limit",
    "deployments=2",
  ]);
  project = writeProject(join(folder.path, "project"), answering("here"));
  kept = (await platform.deploy(project, ["--ttl", "never"])).id;
});
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

const deploy = (...args: readonly string[]) =>
  terrarium(["deploy", project, "--server", platform.origin, ...args]);
const remove = (id: string) => platform.ask("", `/api/v1/deployments/${id}`, { method: "DELETE" });

test(
  "one deployment too many is refused with the limit's name, by " +
    "the command and to clients of 2019, and harms no other",
  async () => {
    const { id: last } = await platform.deploy(project, ["--ttl", "never"]);
    const { code, stdout } = await deploy("--json");
    expect([code, JSON.parse(stdout)]).toEqual([
      4,
      { error: { code: "TER_FULL", message: MESSAGE, fix: FIX, details: { allowed: 2 }, exitCode: 4 } },
    ]);
    const tar = Buffer.from(archiveOf(answering("here"))).toString("base64");
    const posted = await platform.ask("", "/deploy", {
      method: "POST",
      body: JSON.stringify({ lang: "wasm", options: null, tar }),
    });
    expect(posted.status).toBe(200);
    const { id } = JSON.parse(posted.text) as { id: string };
    expect(await platform.api(`/status/${id}`)).toMatchObject({
      success: false,
      done: false,
      message: `${MESSAGE}. ${FIX}`,
    });
    for (const other of [kept, last]) expect((await platform.ask(other, "/")).text).toBe("here");
    await remove(last);
  },
);

test("deleting one makes room for one", async () => {
  const { id } = await platform.deploy(project, ["--ttl", "never"]);
  expect((await deploy()).code).toBe(4);
  await remove(id);
  const next = await platform.deploy(project, ["--ttl", "never"]);
  expect((await platform.ask(next.id, "/")).text).toBe("here");
  await remove(next.id);
});

test("the end of one's time makes room for one", async () => {
  await platform.deploy(project, ["--ttl", "2s"]);
  await expect
    .poll(async () => (await deploy("--ttl", "never")).code, { timeout: 20_000, interval: 500 })
    .toBe(0);
  expect((await deploy()).code).toBe(4);
});
