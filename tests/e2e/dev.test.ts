// `terrarium dev`: the newest good build serves, whatever is saved.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, test } from "vitest";
import { askLoopback } from "../http/ask.ts";
import { answering, SHOWING_ENVIRONMENT, writeProject } from "./programs.ts";
import { temporaryFolder } from "./platform.ts";

interface DevEvent {
  readonly event: "ready" | "live" | "failed";
  readonly httpPort?: number;
}

const LAUNCHER = join(import.meta.dirname, "../../bin/terrarium.mjs");
const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

class Dev {
  readonly #child;
  readonly #lines;
  #port = 0;

  constructor(path: string) {
    const args = [LAUNCHER, "dev", path, "--json", "--app", "walk", "--listen", "127.0.0.1:0"];
    this.#child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    process.once("exit", () => this.#child.kill("SIGKILL"));
  }

  async next(): Promise<DevEvent["event"]> {
    const line = await this.#lines.next();
    const event = JSON.parse(line.value ?? "") as DevEvent;
    this.#port = event.httpPort ?? this.#port;
    return event.event;
  }

  async text(): Promise<string> {
    const headers = { host: `walk.localhost:${this.#port}` };
    return (await askLoopback({ port: this.#port, path: "/", headers })).text;
  }

  async stop(): Promise<number | null> {
    const exit = once(this.#child, "exit") as Promise<[number | null]>;
    this.#child.kill("SIGINT");
    return (await exit)[0];
  }
}

test("edits, bad saves and renames: the newest good build serves, and a touch builds nothing", async () => {
  const path = join(folder.path, "walk");
  const source = join(path, "src/main.wat");
  const save = (text: string) => writeProject(path, answering(text));
  mkdirSync(path);
  save("first");
  const dev = new Dev(path);
  expect([await dev.next(), await dev.next(), await dev.text()]).toEqual(["ready", "live", "first"]);
  for (let round = 0; round < 6; round++) {
    writeFileSync(source, `(module (oops${round}))`);
    expect([await dev.next(), await dev.text()]).toEqual(["failed", round === 0 ? "first" : `${round - 1}`]);
    // Only its time changes: the next event is that of the next edit.
    utimesSync(source, round, round);
    const text = answering(`${round}`)["src/main.wat"] ?? "";
    writeFileSync(join(path, "src/draft.txt"), text);
    renameSync(join(path, "src/draft.txt"), source);
    let event = await dev.next();
    // The reading may have met the folder between the two calls.
    while (event !== "live") event = await dev.next();
    expect(await dev.text()).toBe(`${round}`);
  }
  for (let edit = 0; edit < 40; edit++) {
    if (edit % 3 === 1) rmSync(source);
    else save(`edit ${edit}`);
  }
  await expect.poll(() => dev.text(), { timeout: 20_000 }).toBe("edit 39");
  expect(await dev.stop()).toBe(0);
  const again = new Dev(path);
  expect([await again.next(), await again.next(), await again.text()]).toEqual(["ready", "live", "edit 39"]);
  expect(await again.stop()).toBe(0);
}, 60_000);

test("settings come from .env, win over the project file, and change without an edit", async () => {
  const path = writeProject(join(folder.path, "settings"), {
    ...SHOWING_ENVIRONMENT,
    "terrarium.toml": "[settings]\nGREETING = 'file'\nOTHER = 'file'\n",
    ".env": "GREETING=env # comment\n",
  });
  const dev = new Dev(path);
  expect([await dev.next(), await dev.next()]).toEqual(["ready", "live"]);
  const entries = async () =>
    (await dev.text()).split("\0").filter((entry) => /^(GREETING|OTHER)=/.test(entry));
  expect((await entries()).toSorted()).toEqual(["GREETING=env", "OTHER=file"]);
  writeFileSync(join(path, "draft"), "GREETING=changed\n");
  renameSync(join(path, "draft"), join(path, ".env"));
  await expect.poll(entries, { timeout: 20_000 }).toContain("GREETING=changed");
  writeFileSync(join(path, "draft"), "A.B=1\n");
  renameSync(join(path, "draft"), join(path, ".env"));
  let event = await dev.next();
  while (event !== "failed") event = await dev.next();
  expect(await entries()).toContain("GREETING=changed");
  expect(await dev.stop()).toBe(0);
}, 60_000);
