// The rows of the file tree: folders before files, in the order of the screen.
import { signal } from "@preact/signals";
import { baseName, folderOf } from "../project/paths.ts";

/** One row. */
export interface Row {
  readonly path: string;
  readonly name: string;
  readonly kind: "file" | "folder";
  /** From 1. */
  readonly level: number;
}

/** Folders that are shut. */
export const shut = signal<ReadonlySet<string>>(new Set());

/** The visible rows of these files. */
export function rowsOf(paths: readonly string[], closed: ReadonlySet<string>): Row[] {
  const folders = new Set<string>();
  for (const path of paths)
    for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) folders.add(folder);
  const rows: Row[] = [];
  const addFolder = (folder: string, level: number) => {
    const inside = (path: string) => folderOf(path) === folder;
    for (const path of [...folders].filter(inside).sort()) {
      rows.push({ path, name: baseName(path), kind: "folder", level });
      if (!closed.has(path)) addFolder(path, level + 1);
    }
    for (const path of paths.filter(inside)) rows.push({ path, name: baseName(path), kind: "file", level });
  };
  addFolder("", 1);
  return rows;
}

/** Opens or shuts a folder. */
export function setShut(path: string, isShut: boolean): void {
  const next = new Set(shut.peek());
  if (isShut) next.add(path);
  else next.delete(path);
  shut.value = next;
}
