// The package as npm installs it elsewhere: without types to strip, on a folder that knows nothing of the
// checkout.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { temporaryFolder } from "./platform.ts";

const ROOT = join(import.meta.dirname, "../..");

test("what `npm pack` packs serves and deploys from an empty folder", { timeout: 300_000 }, async () => {
  using folder = temporaryFolder();
  const npm = (args: readonly string[], cwd: string) =>
    execFileSync("npm", [...args], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  npm(["pack", "--pack-destination", folder.path], ROOT);
  const [tarball = ""] = readdirSync(folder.path).filter((name) => name.endsWith(".tgz"));
  const app = join(folder.path, "app");
  mkdirSync(app);
  npm(["init", "--yes"], app);
  npm(["install", "--no-audit", "--no-fund", "--prefer-offline", join(folder.path, tarball)], app);
  const terrarium = (args: readonly string[]) =>
    execFileSync(join(app, "node_modules/.bin/terrarium"), [...args], {
      cwd: app,
      encoding: "utf8",
      env: { ...process.env, CI: "true" },
    });

  expect(terrarium(["version"])).toMatch(/^terrarium \d+\.\d+\.\d+ \(Node 26\./);
  terrarium(["new", "hello", "--template", "empty-wat"]);
  const args = [
    "serve",
    "--json",
    "--listen",
    "127.0.0.1:0",
    "--listen-tls",
    "127.0.0.1:0",
    "--data",
    join(folder.path, "data"),
  ];
  const server = spawn(join(app, "node_modules/.bin/terrarium"), args, {
    cwd: app,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const deployed = JSON.parse(terrarium(["deploy", "hello", "--server", url, "--json"])) as { id: string };
    expect(terrarium(["list", "--server", url])).toContain(deployed.id);
  } finally {
    server.kill("SIGINT");
    await once(server, "exit");
  }
  expect(server.exitCode).toBe(0);
});
