// Apps: an address and a store that last, switches that nobody notices, and an owner.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AppAnswer, AppView, DeploymentView, ServerInfo } from "../../src/api/index.ts";
import { Platform, temporaryFolder, terrarium } from "./platform.ts";
import { answering, archiveOf, LOGGING_AND_KEEPING, SHOWING_ENVIRONMENT, writeProject } from "./programs.ts";
import { openClient, PROTOCOLS } from "./traffic.ts";

interface Versions {
  readonly app: AppView;
  readonly versions: readonly DeploymentView[];
}

const data = temporaryFolder();
const projects = temporaryFolder();
let platform: Platform;

beforeAll(async () => {
  platform = await Platform.start(data.path, ["--edges", "2"]);
});
afterAll(async () => {
  await platform.stop();
  data[Symbol.dispose]();
  projects[Symbol.dispose]();
});

function project(text: string): string {
  return writeProject(join(projects.path, text), answering(text));
}

async function command(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return await terrarium([...args, "--server", platform.origin]);
}

async function textOf(app: string): Promise<string> {
  const { status, text } = await platform.ask(app, "/");
  return status === 200 ? text : `${status}`;
}

async function promote(app: string, id: string): Promise<void> {
  const request = {
    method: "POST",
    body: JSON.stringify({ id }),
    headers: { "content-type": "application/json" },
  };
  const { app: after } = await platform.api<AppAnswer>(`/api/v1/apps/${app}/promote`, request);
  expect(after.currentId).toBe(id);
}

describe("an app", () => {
  test("answers at its name with the newest version, and each version at its own", async () => {
    const first = await platform.deploy(project("one"), ["--app", "walk"]);
    expect(await textOf("walk")).toBe("one");
    const second = await platform.deploy(project("two"), ["--app", "walk"]);
    expect([await textOf("walk"), await textOf(first.id), await textOf(second.id)]).toEqual([
      "two",
      "one",
      "two",
    ]);
    const { app, versions } = await platform.api<Versions>("/api/v1/apps/walk/versions");
    expect(app).toMatchObject({ currentId: second.id, previousId: first.id, lastVersion: 2 });
    expect(versions.map(({ id, app: of, expiresAt }) => [id, of?.version, expiresAt === null])).toEqual([
      [second.id, 2, true],
      [first.id, 1, false],
    ]);
  });

  test("goes back, to the version before or to the one named", async () => {
    const first = await platform.deploy(project("one"), ["--app", "back"]);
    await platform.deploy(project("two"), ["--app", "back"]);
    expect((await command("rollback", "back")).code).toBe(0);
    expect(await textOf("back")).toBe("one");
    await platform.deploy(project("three"), ["--app", "back"]);
    expect((await command("rollback", "back", first.id)).code).toBe(0);
    expect(await textOf("back")).toBe("one");
  });

  test("shows a preview at its own address only, until it is promoted", async () => {
    await platform.deploy(project("one"), ["--app", "look"]);
    const preview = await platform.deploy(project("two"), ["--app", "look", "--preview"]);
    expect([await textOf("look"), await textOf(preview.id)]).toEqual(["one", "two"]);
    expect((await command("promote", "look", preview.id)).code).toBe(0);
    expect(await textOf("look")).toBe("two");
  });

  test("keeps its version when the next one fails to build", async () => {
    await platform.deploy(project("one"), ["--app", "sturdy"]);
    const broken = writeProject(join(projects.path, "broken"), { "src/main.wat": "(module (func" });
    expect((await command("deploy", broken, "--app", "sturdy")).code).not.toBe(0);
    expect(await textOf("sturdy")).toBe("one");
  });

  test("has one store, which every version uses and none takes along", async () => {
    const folder = writeProject(join(projects.path, "keeping"), LOGGING_AND_KEEPING);
    await platform.deploy(folder, ["--app", "keeper"]);
    await platform.ask("keeper", "/");
    const second = await platform.deploy(project("two"), ["--app", "keeper"]);
    for (const name of ["keeper", second.id]) {
      const { stdout } = await command("kv", "get", name, "k");
      expect(stdout, name).toBe("v");
    }
    await platform.deploy(project("three"), ["--app", "keeper"]);
    expect((await command("delete", second.id)).code).toBe(0);
    expect((await command("kv", "get", "keeper", "k")).stdout).toBe("v");
  });

  test("takes its name from the project file", async () => {
    const folder = writeProject(join(projects.path, "named"), {
      ...answering("one"),
      "terrarium.toml": 'app = "from-file"\n',
    });
    await platform.deploy(folder);
    expect(await textOf("from-file")).toBe("one");
  });

  test("reads the settings of its project file, and gets the earlier ones back with a version", async () => {
    const deploy = (greeting: string) =>
      platform.deploy(
        writeProject(join(projects.path, "settings"), {
          ...SHOWING_ENVIRONMENT,
          "terrarium.toml": `app = "set"\n[settings]\nGREETING = "${greeting}"\n`,
        }),
      );
    await deploy("hello");
    expect(await textOf("set")).toBe("GREETING=hello\0");
    await deploy("good day");
    expect(await textOf("set")).toBe("GREETING=good day\0");
    expect((await command("rollback", "set")).code).toBe(0);
    expect(await textOf("set")).toBe("GREETING=hello\0");
  });

  test("gets settings by command, in a new version without a build, which later deploys keep", async () => {
    const folder = writeProject(join(projects.path, "tuned"), {
      ...SHOWING_ENVIRONMENT,
      "terrarium.toml": '[settings]\nCOLOR = "red"\n',
    });
    const first = await platform.deploy(folder, ["--app", "tuned"]);
    expect((await command("settings", "tuned", "set", "COLOR=blue", "MODE=a=b")).code).toBe(0);
    expect(await textOf("tuned")).toBe("COLOR=blue\0MODE=a=b\0");
    expect(await textOf(first.id)).toBe("COLOR=red\0");
    await platform.deploy(folder, ["--app", "tuned"]);
    expect(await textOf("tuned")).toBe("COLOR=blue\0MODE=a=b\0");
    expect((await command("settings", "tuned", "get", "MODE")).stdout).toBe("a=b\n");
    expect((await command("settings", "tuned", "remove", "COLOR")).code).toBe(0);
    expect(await textOf("tuned")).toBe("COLOR=red\0MODE=a=b\0");
    expect(JSON.parse((await command("settings", "tuned", "--json")).stdout)).toEqual([
      { name: "COLOR", value: "red", source: "project" },
      { name: "MODE", value: "a=b", source: "app" },
    ]);
    const { versions } = await platform.api<Versions>("/api/v1/apps/tuned/versions");
    await command("settings", "tuned", "set", "MODE=a=b");
    const after = await platform.api<Versions>("/api/v1/apps/tuned/versions");
    expect(after.versions.map(({ id }) => id)).toEqual(versions.map(({ id }) => id));
    expect((await command("rollback", "tuned", first.id)).code).toBe(0);
    expect(await textOf("tuned")).toBe("COLOR=red\0");
  });

  test("loses no setting of changes that are made at once", async () => {
    const folder = writeProject(join(projects.path, "busy"), SHOWING_ENVIRONMENT);
    await platform.deploy(folder, ["--app", "busy"]);
    const change = (name: string) =>
      platform.api("/api/v1/apps/busy/settings", {
        method: "PATCH",
        body: JSON.stringify({ set: { [name]: "1" } }),
        headers: { "content-type": "application/json" },
      });
    await Promise.all([...["A", "B", "C"].map(change), platform.deploy(folder, ["--app", "busy"])]);
    expect((await textOf("busy")).split("\0").sort()).toEqual(["", "A=1", "B=1", "C=1"]);
  });

  test.each([
    [["set", "9A=x"], "TER_BAD_REQUEST"],
    [["set", `A=${"x".repeat(4097)}`], "TER_BAD_REQUEST"],
    [["remove", "ABSENT"], "TER_APP_NO_SETTING"],
    [["get", "ABSENT"], "TER_APP_NO_SETTING"],
    [["set", "A"], "TER_USAGE"],
    [["put", "A=1"], "TER_USAGE"],
  ])("refuses the change of settings %j", async (words, code) => {
    await platform.deploy(project("one"), ["--app", "strict"]);
    const { code: exit, stdout, stderr } = await command("settings", "strict", ...words, "--json");
    expect(exit).not.toBe(0);
    expect(stdout + stderr).toContain(code);
  });

  test("goes for good, and its owner may have the name again, with an empty store", async () => {
    const folder = writeProject(join(projects.path, "gone"), LOGGING_AND_KEEPING);
    const { id } = await platform.deploy(folder, ["--app", "gone"]);
    await platform.ask("gone", "/");
    expect((await command("delete", "--yes", "gone")).code).toBe(0);
    expect([await textOf("gone"), await textOf(id)]).toEqual(["404", "404"]);
    await platform.deploy(project("one"), ["--app", "gone"]);
    expect(await textOf("gone")).toBe("one");
    expect((await command("kv", "get", "gone", "k")).code).not.toBe(0);
  });

  test.each([
    ["admin", "TER_APP_NAME"],
    ["Upper", "TER_APP_NAME"],
    ["9lives", "TER_APP_NAME"],
    ["a.b", "TER_APP_NAME"],
    ["xn--caf-dma", "TER_APP_NAME"],
    ["zebra-young-youth-zone", "TER_APP_NAME"],
    ["b".repeat(64), "TER_APP_NAME"],
  ])("is not called %s", async (name, code) => {
    const { code: exit, stdout } = await command("deploy", project("one"), "--json", "--app", name);
    expect([exit === 0, (JSON.parse(stdout) as { error: { code: string } }).error.code]).toEqual([
      false,
      code,
    ]);
  });

  test("does not lose its current version by accident", async () => {
    const { id } = await platform.deploy(project("one"), ["--app", "kept"]);
    for (const args of [
      ["delete", id],
      ["extend", id, "--ttl", "1s"],
    ])
      expect((await command(...args)).stderr).toContain('current version of app "kept"');
    expect((await command("deploy", project("one"), "--app", "kept", "--ttl", "5m")).stderr).toContain(
      "an app stays",
    );
    expect(await textOf("kept")).toBe("one");
  });
});

describe("a switch", () => {
  test.each(PROTOCOLS)("fails no %s request, and is everywhere once it is acknowledged", async (protocol) => {
    const name = `switch-${PROTOCOLS.indexOf(protocol)}`;
    const ids = [
      (await platform.deploy(project("one"), ["--app", name])).id,
      (await platform.deploy(project("two"), ["--app", name])).id,
    ];
    const texts = ["one", "two"];
    const client = openClient(platform, name, protocol, 4);
    const wrong: string[] = [];
    const stopped = new AbortController();
    const ask = async () => {
      const { status, body } = await client.send({ method: "GET", path: "/", body: "" });
      if (status !== 200 || !texts.includes(body)) wrong.push(`${status} ${body}`);
      return body;
    };
    const traffic = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!stopped.signal.aborted) await ask();
      }),
    );
    for (let round = 0; round < 30; round++) {
      await promote(name, ids[round % 2]!);
      const after = await Promise.all(Array.from({ length: 4 }, ask));
      expect(after).toEqual(Array(4).fill(texts[round % 2]));
    }
    stopped.abort();
    await traffic;
    client.close();
    expect(wrong).toEqual([]);
  });

  test("ends with one version or the other, whatever is killed meanwhile", async () => {
    const ids = [
      (await platform.deploy(project("one"), ["--app", "killed"])).id,
      (await platform.deploy(project("two"), ["--app", "killed"])).id,
    ];
    for (let round = 0; round < 8; round++) {
      const { edges } = await platform.api<ServerInfo>("/api/v1/server");
      const victim = round % 2 === 0 ? platform.ready.pid : (edges[0]?.pid ?? 0);
      const starts = platform.starts;
      const switching = promote("killed", ids[round % 2]!).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, round * 3));
      process.kill(victim, "SIGKILL");
      await switching;
      if (victim !== edges[0]?.pid) await platform.readyLine(starts + 1);
      await expect.poll(() => textOf("killed").catch(String), { timeout: 10_000 }).toMatch(/^(one|two)$/);
    }
    await promote("killed", ids[0]!);
    expect(await textOf("killed")).toBe("one");
  });
});

describe("on a public server, an app", () => {
  test("belongs to whoever has its token, also after its end", async () => {
    using folder = temporaryFolder();
    await using server = await Platform.start(folder.path, ["--domain", "edge.example", "--edges", "1"]);
    const ask = (path: string, method: string, token: string | null, body?: string | Uint8Array) =>
      server.ask("", path, {
        method,
        headers: {
          host: "edge.example",
          "content-type": typeof body === "string" ? "application/json" : "application/x-tar",
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body }),
      });
    const deploy = async (token: string | null) =>
      await ask("/api/v1/deployments?app=mine", "POST", token, archiveOf(answering("mine")));
    const created = await deploy(null);
    expect(created.status).toBe(201);
    const { token, deployment } = JSON.parse(created.text) as { token: string; deployment: DeploymentView };
    const stranger = "x".repeat(32);
    expect([(await deploy(null)).status, (await deploy(stranger)).status]).toEqual([409, 409]);
    const promotion = JSON.stringify({ id: deployment.id });
    for (const [path, method, body] of [
      ["/api/v1/apps/mine", "GET", undefined],
      ["/api/v1/apps/mine/versions", "GET", undefined],
      ["/api/v1/apps/mine/promote", "POST", promotion],
      ["/api/v1/apps/mine/rollback", "POST", "{}"],
      ["/api/v1/deployments/mine/kv", "GET", undefined],
      ["/api/v1/apps/mine", "DELETE", undefined],
    ] as const) {
      expect([path, (await ask(path, method, null, body)).status]).toEqual([path, 401]);
      expect([path, (await ask(path, method, stranger, body)).status]).toEqual([path, 404]);
    }
    expect((await ask("/api/v1/apps", "GET", token)).status).toBe(401);
    expect((await deploy(token)).status).toBe(201);
    expect((await ask("/api/v1/apps/mine/versions", "GET", token)).status).toBe(200);
    expect((await ask("/api/v1/deployments/mine/kv", "GET", token)).status).toBe(200);
    expect((await ask("/api/v1/apps/mine", "DELETE", token)).status).toBe(204);
    expect([(await deploy(null)).status, (await deploy(stranger)).status]).toEqual([409, 409]);
    expect((await deploy(token)).status).toBe(201);
  });
});
