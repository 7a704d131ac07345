// The processes of a platform, as the system lists them: also those that have not started well.
import { readdirSync } from "node:fs";
import { processStat, STAT } from "../../src/processes/process-stat.ts";

/** All processes below one, itself included; parents come before their children. */
export function processTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const parent = processStat(Number(name))?.[STAT.parent];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  return tree;
}

/** False if the process has ended: some do by themselves, such as the one that warms the compile cache. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    return false;
  }
}
