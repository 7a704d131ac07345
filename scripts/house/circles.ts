// Circles of imports: files that import each other, directly or through others.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

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

/** The files that a file imports by relative paths, types included. */
export function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(
    (match) => match[1] ?? "",
  );
  return specifiers.map((specifier) => normalize(join(dirname(file), specifier)));
}
