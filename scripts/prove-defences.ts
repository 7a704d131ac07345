// Proves that tests notice when a defence is gone: takes each out of a copy of the source and expects its
// test to turn red. `node bin/node26.mjs scripts/prove-defences.ts [room] [words of a name]`; ends with 1 if
// a test stays green or the copy's tests are red as it is.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOMS, withoutDefence } from "./defences/rooms.ts";
import type { Defence } from "./defences/types.ts";

const ROOT = join(import.meta.dirname, "..");
const VITEST = join(ROOT, "node_modules", "vitest", "vitest.mjs");
/** For a whole test file; one that loops without end has to be stopped from outside. */
const FILE_TIMEOUT_MS = 180_000;

/** How a test file ended: null is green. */
type Ending = null | {
  /** A test that said no, one that did not end in time, or a file that does not even load. */
  readonly kind: "refused" | "late" | "broken";
  readonly why: string;
};

/** What vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  readonly testResults: readonly {
    readonly message?: string;
    readonly assertionResults: readonly TestResult[];
  }[];
}

interface TestResult {
  readonly status: string;
  readonly title: string;
  readonly failureMessages?: readonly string[];
}

const copy = copySource();
const failures: string[] = [];
let proven = 0;
process.on("exit", () => rmSync(copy, { recursive: true, force: true }));
for (const [room, defences] of wantedRooms(process.argv.slice(2))) await proveRoom(room, defences);
if (proven + failures.length === 0) failures.push("no defence has such a name");
for (const failure of failures) process.stdout.write(`${failure}\n`);
process.stdout.write(`${proven} defences proven, ${failures.length} failures\n`);
process.exit(failures.length === 0 ? 0 : 1);

/**
 * The rooms to prove: all, or the one that the first word names; of each, the defences whose names hold the
 * other words.
 */
function wantedRooms(words: readonly string[]): [string, readonly Defence[]][] {
  const [first = ""] = words;
  const rooms = first in ROOMS ? [first] : Object.keys(ROOMS);
  const wanted = words
    .slice(first in ROOMS ? 1 : 0)
    .join(" ")
    .toLowerCase();
  return rooms.map((room) => [
    room,
    (ROOMS[room] ?? []).filter(isProvable).filter(({ name }) => name.toLowerCase().includes(wanted)),
  ]);
}

function isProvable(defence: Defence): boolean {
  const provable = defence.needsOrdinaryUser !== true || process.getuid?.() !== 0;
  if (!provable) process.stdout.write(`not proven by root: ${defence.name}\n`);
  return provable;
}

async function proveRoom(room: string, defences: readonly Defence[]): Promise<void> {
  const start = performance.now();
  if (defences.some(({ test }) => test.startsWith("tests/studio/"))) buildStudio();
  for (const defence of new Map(defences.map((defence) => [defence.test, defence])).values()) {
    const ending = await endingOf(defence);
    if (ending !== null) failures.push(`${defence.test} is red with every defence in place: ${ending.why}`);
  }
  for (const defence of defences) await prove(defence);
  process.stdout.write(
    `${room}: ${defences.length} defences in ${Math.round((performance.now() - start) / 1000)} s\n`,
  );
}

async function prove(defence: Defence): Promise<void> {
  const file = join(copy, defence.file);
  const source = readFileSync(file, "utf8");
  const without = withoutDefence(source, defence);
  if (without === null) return void failures.push(`${defence.name}: its text is not once in ${defence.file}`);
  change(defence.file, without);
  const ending = await endingOf(defence);
  change(defence.file, source);
  if (ending === null) return fail(defence, `${defence.test} stays green without it`);
  if (ending.kind !== "refused" && !(ending.kind === "late" && defence.endless))
    return fail(defence, `${defence.test} is ${ending.kind} without it, which proves nothing: ${ending.why}`);
  proven += 1;
  process.stdout.write(`noticed: ${defence.name}\n  by ${ending.why}\n`);
}

/** A change in `studio/` reaches a browser only after a build. */
function change(name: string, source: string): void {
  writeFileSync(join(copy, name), source);
  if (name.startsWith("studio/")) buildStudio();
}

function buildStudio(): void {
  const vite = join(ROOT, "node_modules", "vite", "bin", "vite.js");
  const { status } = spawnSync(process.execPath, [vite, "build", "studio", "--logLevel", "error"], {
    cwd: copy,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("the studio cannot be built");
}

function fail(defence: Defence, why: string): void {
  process.stdout.write(`NOT NOTICED: ${defence.name}\n`);
  failures.push(`${defence.name}: ${why}`);
}

/** The first failure ends it. If that test was late, which says nothing, the others are asked as well. */
async function endingOf(defence: Defence): Promise<Ending> {
  const first = await runTests(defence, ["--bail", "1"]);
  return first?.kind === "late" && !defence.endless ? runTests(defence, []) : first;
}

async function runTests(
  { test, testTimeoutMs = 20_000 }: Defence,
  flags: readonly string[],
): Promise<Ending> {
  const report = join(copy, "report.json");
  rmSync(report, { force: true });
  const code = await runVitest([
    ...flags,
    "--test-timeout",
    String(testTimeoutMs),
    "--reporter",
    "json",
    "--outputFile",
    report,
    test,
  ]);
  if (code === 0) return null;
  return code === null
    ? { kind: "late", why: `a test file that does not end within ${FILE_TIMEOUT_MS / 1000} s` }
    : readEnding(report);
}

/** The exit code; null if vitest had to be stopped. */
async function runVitest(args: readonly string[]): Promise<number | null> {
  // A test that skips what it cannot run would be green without the defence: in CI it is red.
  const env = { ...process.env, CI: "true" };
  // Its own process group: a worker in an endless loop receives no signal, and would outlive vitest.
  const child = spawn(process.execPath, [VITEST, "run", ...args], {
    cwd: copy,
    env,
    detached: true,
    stdio: "ignore",
  });
  const { pid = 0 } = child;
  const stop = (): boolean => process.kill(-pid, "SIGKILL");
  const giveUp = (): never => (stop(), process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, giveUp);
  const timer = setTimeout(stop, FILE_TIMEOUT_MS);
  const [code] = (await once(child, "exit")) as [number | null];
  clearTimeout(timer);
  for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, giveUp);
  return code;
}

function readEnding(report: string): Ending {
  if (!existsSync(report)) return { kind: "broken", why: "vitest ended without a report" };
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "failed");
  const refused = failed.find((result) => !isLate(result));
  if (refused !== undefined)
    return { kind: "refused", why: `"${refused.title}": ${firstLine(refused.failureMessages?.[0])}` };
  const [late] = failed;
  if (late !== undefined) return { kind: "late", why: `"${late.title}" that does not end in time` };
  return { kind: "broken", why: firstLine(testResults.find(({ message }) => message)?.message) };
}

/** Vitest reports a test that takes too long by a stack without words. */
function isLate({ failureMessages }: TestResult): boolean {
  return firstLine(failureMessages?.[0]) === "Error: STACK_TRACE_ERROR";
}

function firstLine(text = "no word of why"): string {
  return text.split("\n", 1)[0]?.slice(0, 160) ?? "";
}

function copySource(): string {
  const folder = mkdtempSync(join(tmpdir(), "terrarium-defences-"));
  for (const name of [
    "bin",
    "src",
    "sdk",
    "studio",
    "templates",
    "docs",
    "tests",
    "package.json",
    "tsconfig.json",
    "vitest.config.ts",
  ])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}
