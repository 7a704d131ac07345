// Memory of whole process trees, where the system has /proc.
import { readdirSync, readFileSync } from "node:fs";
import { processStat, STAT } from "./process-stat.ts";

/** Linux on the processors that Node supports; others count too little. */
const PAGE_BYTES = 4096;

/**
 * Bytes of each tree, by the process id of its root: what its processes do not share with files, so that a
 * library mapped by all of them counts for none. 0 where the system does not tell.
 */
export function treeBytes(roots: readonly number[]): ReadonlyMap<number, number> {
  const children = childrenByParent();
  return new Map(roots.map((root) => [root, bytesBelow(root, children)]));
}

function bytesBelow(root: number, children: ReadonlyMap<number, readonly number[]>): number {
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree.reduce((sum, pid) => sum + ownBytes(pid), 0);
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  if (process.platform !== "linux") return children;
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const parent = Number(processStat(Number(name))?.[STAT.parent]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

function ownBytes(pid: number): number {
  try {
    const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, "latin1").split(" ");
    return (Number(resident) - Number(shared)) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
