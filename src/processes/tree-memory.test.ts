import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { treeBytes } from "./tree-memory.ts";

const MIB = 2 ** 20;
/** Holds memory in a child of its own, and says so. */
const PARENT = `
const { spawn } = require("node:child_process");
const child = "globalThis.held = Buffer.alloc(200 * 2 ** 20, 1); console.log(1); setInterval(() => {}, 1e6)";
spawn(process.execPath, ["-e", child], { stdio: ["ignore", "inherit", "ignore"] });
`;

test.runIf(process.platform === "linux")("the memory of a tree is that of all its processes", async () => {
  const parent = spawn(process.execPath, ["-e", PARENT], {
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  try {
    await once(parent.stdout, "data");
    const pid = parent.pid ?? 0;
    const bytes = treeBytes([pid, 2 ** 30]);
    expect(bytes.get(pid)).toBeGreaterThan(200 * MIB);
    expect(bytes.get(pid)).toBeLessThan(400 * MIB);
    expect(bytes.get(2 ** 30)).toBe(0);
  } finally {
    process.kill(-(parent.pid ?? 0), "SIGKILL");
  }
});
