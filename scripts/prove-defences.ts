// Proves that tests notice when a defence is gone: takes each out of a copy of the source and expects its test to turn red.
// `node bin/node26.mjs scripts/prove-defences.ts [words of a name]`; ends with 1 if a test stays green or the copy's tests are red as it is.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUILD_DEFENCES } from "./defences/build.ts";
import { CONTROL_DEFENCES } from "./defences/control.ts";
import { ENGINE_DEFENCES } from "./defences/engine.ts";
import { HOSTCALL_DEFENCES } from "./defences/hostcalls.ts";
import { SANDBOX_DEFENCES } from "./defences/sandbox.ts";
import type { Defence } from "./defences/types.ts";

const ROOT = join(import.meta.dirname, "..");
/** A test that waits for what no longer happens is stopped, and counts as red. */
const TEST_TIMEOUT_MS = 120_000;

const wanted = process.argv.slice(2).join(" ").toLowerCase();
const defences = [...BUILD_DEFENCES, ...CONTROL_DEFENCES, ...ENGINE_DEFENCES, ...HOSTCALL_DEFENCES, ...SANDBOX_DEFENCES].filter(({ name }) => name.toLowerCase().includes(wanted));
const copy = copySource();
const failures: string[] = [];
try {
  for (const defence of new Map(defences.map((defence) => [defence.test, defence])).values()) if (!isGreen(defence)) failures.push(`${defence.test} is red with every defence in place`);
  for (const defence of defences) prove(defence);
} finally {
  rmSync(copy, { recursive: true });
}
for (const failure of failures) process.stdout.write(`${failure}\n`);
process.stdout.write(`${defences.length} defences, ${failures.length} without proof\n`);
process.exit(failures.length === 0 ? 0 : 1);

function prove(defence: Defence): void {
  const file = join(copy, defence.file);
  const source = readFileSync(file, "utf8");
  if (source.split(defence.present).length !== 2) return void failures.push(`${defence.name}: its text is not once in ${defence.file}`);
  writeFileSync(file, source.replace(defence.present, () => defence.removed));
  const green = isGreen(defence);
  writeFileSync(file, source);
  process.stdout.write(`${green ? "NOT NOTICED" : "noticed"}: ${defence.name}\n`);
  if (green) failures.push(`${defence.name}: ${defence.test} stays green without it`);
}

function isGreen({ test, testTimeoutMs = 5000 }: Defence): boolean {
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  // A test that skips what it cannot run would be green without the defence.
  const options = { cwd: copy, env: { ...process.env, CI: "true" }, timeout: TEST_TIMEOUT_MS, stdio: "ignore" } as const;
  return spawnSync(process.execPath, [vitest, "run", "--bail", "1", "--test-timeout", String(testTimeoutMs), test], options).status === 0;
}

function copySource(): string {
  const folder = mkdtempSync(join(tmpdir(), "terrarium-defences-"));
  for (const name of ["src", "sdk", "tests", "package.json", "tsconfig.json", "vitest.config.ts"]) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}
