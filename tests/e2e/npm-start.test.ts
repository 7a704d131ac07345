// `npm start`, as the README has it: npm runs it in a shell, and passes signals on to that.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, expect, test } from "vitest";
import { isProcessAlive } from "../../src/processes/alive.ts";
import { temporaryFolder, type ReadyLine } from "./platform.ts";

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

test("a SIGTERM to npm ends the platform", async () => {
  const ports = ["--listen", "127.0.0.1:0", "--listen-tls", "127.0.0.1:0"];
  const npm = spawn("npm", ["start", "--silent", "--", "--json", ...ports, "--data", folder.path], {
    cwd: new URL("../..", import.meta.url),
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = createInterface({ input: npm.stdout });
  const [first] = (await once(lines, "line")) as [string];
  const { event, pid } = JSON.parse(first) as ReadyLine;
  expect(event).toBe("ready");
  npm.kill("SIGTERM");
  await once(npm, "exit");
  await expect.poll(() => isProcessAlive(pid), { timeout: 20_000 }).toBe(false);
});
