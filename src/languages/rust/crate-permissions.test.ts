import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openToBuilds } from "./crate-permissions.ts";

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

test("crates whose archives let only the owner read become readable for builds", async () => {
  const sources = await mkdtemp(join(tmpdir(), "terrarium-crates-"));
  onTestFinished(() => rm(sources, { recursive: true, force: true }));
  const crate = join(sources, "index", "narrow-1.0.0");
  await mkdir(join(crate, "src"), { recursive: true });
  await writeFile(join(crate, "src", "lib.rs"), "", { mode: 0o600 });
  await chmod(join(crate, "src"), 0o700);
  await chmod(crate, 0o700);
  await openToBuilds(sources);
  expect(await modeOf(crate)).toBe(0o755);
  expect(await modeOf(join(crate, "src"))).toBe(0o755);
  expect(await modeOf(join(crate, "src", "lib.rs"))).toBe(0o644);
});

test("a cargo home that holds no crates yet is fine", async () => {
  await expect(openToBuilds(join(tmpdir(), "terrarium-no-such-folder"))).resolves.toBeUndefined();
});
