// Containers run as a user id that no passwd file knows: everything works without a name.
import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Platform, temporaryFolder } from "./platform.ts";
import { answering, writeProject } from "./programs.ts";

const UID = 54_321;
const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stderr.write("SKIPPED: only root can start a server as somebody else\n");

test.skipIf(!isRoot)("a server of a user id without a passwd entry starts and deploys", async () => {
  using folder = temporaryFolder();
  const home = join(folder.path, "home");
  mkdirSync(home);
  for (const path of [folder.path, home]) {
    chmodSync(path, 0o755);
    chownSync(path, UID, UID);
  }
  await using platform = await Platform.start(
    join(home, "data"),
    ["--edges", "1"],
    { HOME: home, XDG_CACHE_HOME: undefined },
    { within: ["setpriv", `--reuid=${UID}`, `--regid=${UID}`, "--clear-groups"] },
  );
  const project = writeProject(join(folder.path, "hello"), answering("hello"));
  const { id } = await platform.deploy(project, ["--ttl", "never"]);
  expect((await platform.ask(id, "/")).text).toBe("hello");
});
