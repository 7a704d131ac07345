// Circles of imports: files that import each other, directly or through others.
import { existsSync } from "node:fs";
import { importsOf } from "../check-repo.ts";

/** Each circle as the list of its files. */
export function importCircles(files: readonly string[]): string[][] {
  const reach = new Map(files.map((file) => [file, importsOf(file).filter((target) => existsSync(target))]));
  const order: string[] = [];
  const seen = new Set<string>();
  for (const file of files) visit(file, reach, seen, order);
  const back = reversed(reach);
  const taken = new Set<string>();
  return order
    .toReversed()
    .map((file) => {
      const members: string[] = [];
      visit(file, back, taken, members);
      return members;
    })
    .filter((members) => members.length > 1)
    .map((members) => members.toSorted());
}

function visit(
  file: string,
  edges: ReadonlyMap<string, readonly string[]>,
  seen: Set<string>,
  order: string[],
): void {
  if (seen.has(file)) return;
  seen.add(file);
  for (const target of edges.get(file) ?? []) visit(target, edges, seen, order);
  order.push(file);
}

function reversed(edges: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const back = new Map<string, string[]>();
  for (const [file, targets] of edges)
    for (const target of targets) back.set(target, [...(back.get(target) ?? []), file]);
  return back;
}
