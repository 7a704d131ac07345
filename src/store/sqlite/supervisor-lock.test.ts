import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TerrariumError } from "../../errors/index.ts";
import { acquireSupervisorLock } from "./supervisor-lock.ts";

const MODULE = new URL("./supervisor-lock.ts", import.meta.url).href;

let dataDir = "";
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), "terrarium-lock-"))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const HOLDER = `
  import { acquireSupervisorLock } from ${JSON.stringify(MODULE)};
  acquireSupervisorLock(process.argv[1]);
  console.log("held");
  setInterval(() => {}, 1000);
`;

test("a second supervisor is refused, and told who holds the directory, until the first releases it", () => {
  const lock = acquireSupervisorLock(dataDir);
  expect(() => acquireSupervisorLock(dataDir)).toThrow(
    expect.objectContaining({ code: "TER_STORE_LOCKED", details: { pid: String(process.pid), dataDir } }),
  );
  lock.release();
  lock.release();
  acquireSupervisorLock(dataDir).release();
});

test("the lock of a killed supervisor is free at once", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", HOLDER, dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  expect(() => acquireSupervisorLock(dataDir)).toThrow(TerrariumError);
  child.kill("SIGKILL");
  await once(child, "close");
  acquireSupervisorLock(dataDir).release();
});
