// Every command with every kind of path that does not work: one line that says what is wrong, and exit
// code 2.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeProject } from "./programs.ts";
import { temporaryFolder, terrarium } from "./platform.ts";

const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);
const NOT_ROOT = process.getuid?.() !== 0;

/** Kinds of bad path, by what they are. */
const MISSING = at("missing/below");
const BELOW_A_FILE = at("file/below");
const UNDER_PROC = "/proc/terrarium-test";
const CLOSED = at("closed/below");
const A_FOLDER = at("folder");
const A_FILE = at("file");
const LONG = at("x".repeat(300));
const LOOP = at("loop");
const DANGLING = at("dangling");
/** Takes no byte, as a full disk does. */
const FULL = "/dev/full";

beforeAll(() => {
  mkdirSync(A_FOLDER);
  mkdirSync(at("closed"));
  writeFileSync(A_FILE, "text");
  writeProject(at("hello"), { "src/main.wat": '(module (func (export "run")))' });
  mkdirSync(at("odd/src"), { recursive: true });
  writeFileSync(Buffer.concat([Buffer.from(at("odd/src/")), Buffer.from([0x61, 0xff, 0x2e, 0x63])]), "");
  chmodSync(at("closed"), 0);
  execFileSync("mkfifo", [A_PIPE]);
  symlinkSync("loop", LOOP);
  symlinkSync("nowhere/at/all", DANGLING);
  mkdirSync(at("data"));
  writeFileSync(at("data/terrarium.db"), "");
});
afterAll(() => {
  chmodSync(at("closed"), 0o700);
  folder[Symbol.dispose]();
});

/** Files that never end, for whoever reads or replaces them. */
const A_PIPE = at("pipe");
const A_DEVICE = "/dev/zero";

const READ = { MISSING, BELOW_A_FILE, LONG, UNDER_PROC, LOOP, DANGLING, ...(NOT_ROOT ? { CLOSED } : {}) };
const WRITTEN = { BELOW_A_FILE, LONG, UNDER_PROC, LOOP, FULL, ...(NOT_ROOT ? { CLOSED } : {}) };
const SERVE = ["serve", "--listen", "127.0.0.1:0", "--tls", "off"];

const COMMANDS: readonly (readonly [
  name: string,
  args: (path: string) => readonly string[],
  paths: Readonly<Record<string, string>>,
])[] = [
  ["build PATH", (path) => ["build", path], { ...READ, A_FILE, ODD: at("odd") }],
  ["build --out FILE", (path) => ["build", at("hello"), "--out", path], { ...WRITTEN, A_FOLDER, MISSING }],
  ["check PATH", (path) => ["check", path], { ...READ, ODD: at("odd"), A_PIPE, A_DEVICE }],
  [
    "backup FILE",
    (path) => ["backup", path, "--data", at("data")],
    { ...WRITTEN, A_FOLDER, A_PIPE, A_DEVICE },
  ],
  ["restore FILE", (path) => ["restore", path, "--data", at("new")], { ...READ, A_FOLDER, A_PIPE, A_DEVICE }],
  ["restore --data DIR", (path) => ["restore", A_FILE, "--data", path], { A_FILE }],
  ["deploy PATH", (path) => ["deploy", path], { ...READ, A_FILE, ODD: at("odd") }],
  [
    "deploy --cacert FILE",
    (path) => ["deploy", at("hello"), "--cacert", path],
    { ...READ, A_FOLDER, A_FILE, A_PIPE },
  ],
  ["new DIR", (path) => ["new", path, "-t", "empty-wat"], { ...WRITTEN, A_FILE }],
  ["-C DIR list", (path) => ["-C", path, "list"], { ...READ, A_FILE }],
  ["kv put --file FILE", (path) => ["kv", "put", "a-b-c-d", "k", "--file", path], { ...READ, A_FOLDER }],
  ["serve --data DIR", (path) => [...SERVE, "--data", path], { ...WRITTEN, A_FILE }],
  ["serve --config FILE", (path) => ["serve", "--config", path], { ...READ, A_FOLDER, A_PIPE, A_DEVICE }],
  ["serve --cacert FILE", (path) => [...SERVE, "--cacert", path], { ...READ, A_FOLDER, A_FILE, A_PIPE }],
  ["serve --key FILE", (path) => ["serve", "--cert", at("file"), "--key", path], { ...READ, A_FOLDER }],
  ["serve --cert FILE", (path) => ["serve", "--cert", path, "--key", path], { ...READ, A_FOLDER }],
];

const CASES = COMMANDS.flatMap(([name, args, paths]) =>
  Object.entries(paths).map(([kind, path]) => ({ name, kind, args: args(path) })),
);

test.each(CASES)("$name with $kind ends in one line", async ({ args }) => {
  const { code, stdout, stderr } = await terrarium(args, { cwd: folder.path });
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect(stderr).not.toContain("bug in Terrarium");
  expect([code, stdout]).toEqual([2, ""]);
});

test("looks for relative files below the folder of -C", async () => {
  const args = ["-C", folder.path, "list", "--cacert", "file"];
  expect((await terrarium(args)).stderr).toContain('"file" holds no PEM certificate');
});

test.each([["/proc/terrarium-home"], ["/dev/null"]])("builds and checks with %s as home", async (home) => {
  const env = { HOME: home, XDG_DATA_HOME: "", XDG_CACHE_HOME: "" };
  const out = at("home.wasm");
  const built = await terrarium(["build", at("hello"), "--out", out], { env });
  expect([built.code, built.stderr]).toEqual([0, ""]);
  expect((await terrarium(["check", at("hello")], { env })).code).toBe(0);
});

test("options of the caller's Node do not reach Node 26, and unknown ones do no harm", async () => {
  const env = { NODE_OPTIONS: "--max-old-space-size=99 --title=not-ours" };
  expect(await terrarium(["-V"], { env })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});
