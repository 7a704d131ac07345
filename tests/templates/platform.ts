// One platform for the tests of a template, and the template deployed as its folder is.
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";

/** Folder of a template. */
export function templateFolder(name: string): string {
  return join(import.meta.dirname, "../../templates", name);
}

/** A platform that lives as long as the tests of this file; the getter works in tests and hooks. */
export function platformForTests(
  args: () => readonly string[] | Promise<readonly string[]> = () => [],
): () => Platform {
  const data = temporaryFolder();
  let platform: Platform | undefined;
  beforeAll(async () => {
    platform = await Platform.start(data.path, ["--edges", "1", "--log-level", "silent", ...(await args())]);
  });
  afterAll(async () => {
    await platform?.stop();
    data[Symbol.dispose]();
  });
  return () => {
    if (platform === undefined) throw new Error("the platform has not started");
    return platform;
  };
}
