// The project's files as a tree: one stop for Tab, arrows inside; F2 renames or moves, Delete removes, Ctrl+Z
// takes that back, files can be dragged between folders and dropped in from outside.
import { signal } from "@preact/signals";
import { pane } from "../layout/view.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { saveFile } from "../parts/save-file.ts";
import { notify, notifyWithUndo, undoLast } from "../parts/toasts.tsx";
import { baseName, cleanPath, folderOf } from "../project/paths.ts";
import { archiveOf } from "../project/archive.ts";
import {
  activePath,
  movePath,
  openFile,
  paths,
  project,
  removePath,
  writeFile,
} from "../project/workspace.ts";
import { type Row, rowsOf, setShut, shut } from "./rows.ts";
import { NameField, rowId, TreeRow } from "./tree-row.tsx";
import { chooseFiles, upload } from "./uploads.ts";

/** The row that Tab stops at. */
const current = signal<string | null>(null);
/** What is being named: a path, or `""` for a new file. */
const naming = signal<string | null>(null);

/** Begins a new file. */
export function beginNewFile(): void {
  pane.value = "files";
  naming.value = "";
}

/** Downloads the project as a tar. */
export function downloadProject(): void {
  const opened = project.peek();
  if (opened != null)
    saveFile(`${opened.name || "project"}.tar`, archiveOf(opened.files), "application/x-tar");
}

export function FileTree() {
  const rows = rowsOf(paths.value, shut.value);
  const stop =
    rows.find(({ path }) => path === current.value) ??
    rows.find(({ path }) => path === activePath.value) ??
    rows[0];
  const folder = stop === undefined ? "" : stop.kind === "folder" ? stop.path : folderOf(stop.path);
  return (
    <section class="file-tree" aria-label="Files">
      <header class="pane-header">
        <h2>Files</h2>
        <span class="pane-actions">
          <IconButton icon="add" label="New file" onClick={beginNewFile} />
          <IconButton
            icon="edit"
            label="Rename or move"
            disabled={stop === undefined}
            onClick={() => (naming.value = stop?.path ?? null)}
          />
          <IconButton
            icon="trash"
            label="Delete"
            disabled={stop === undefined}
            onClick={() => remove(stop)}
          />
          <IconButton icon="upload" label="Upload files" onClick={() => chooseFiles(folder)} />
        </span>
      </header>
      <div
        class="tree-scroll"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => dropOn(event, "")}
      >
        {naming.value === "" && (
          <NameField
            label="Path of the new file"
            value={folder === "" ? "" : `${folder}/`}
            level={1}
            onDone={finishNew}
          />
        )}
        <div role="tree" aria-label="Project files" onKeyDown={(event) => steer(event, rows, stop)}>
          {rows.map((row) =>
            naming.value === row.path ? (
              <NameField
                key={row.path}
                label={`New path of ${row.path}`}
                value={row.path}
                level={1}
                onDone={(name) => finishRename(row, name)}
              />
            ) : (
              <TreeRow
                key={row.path}
                row={row}
                isOpen={!shut.value.has(row.path)}
                isActive={row.path === activePath.value}
                isCurrent={row === stop}
                onPress={() => press(row)}
                onFocus={() => (current.value = row.path)}
                onRename={() => (naming.value = row.path)}
                onDropOn={(event) => dropOn(event, row.kind === "folder" ? row.path : folderOf(row.path))}
              />
            ),
          )}
        </div>
      </div>
    </section>
  );
}

function press(row: Row): void {
  current.value = row.path;
  if (row.kind === "folder") setShut(row.path, !shut.value.has(row.path));
  else {
    openFile(row.path);
    pane.value = "editor";
  }
}

function steer(event: KeyboardEvent, rows: readonly Row[], stop: Row | undefined): void {
  if (stop === undefined) return;
  const isUndo = event.key === "z" && (event.ctrlKey || event.metaKey);
  const act = isUndo ? undoLast : actionFor(event.key, rows, stop);
  if (act === undefined) return;
  event.preventDefault();
  act();
}

function actionFor(key: string, rows: readonly Row[], stop: Row): (() => void) | undefined {
  const at = rows.indexOf(stop);
  const isFolder = stop.kind === "folder";
  const isOpen = isFolder && !shut.value.has(stop.path);
  const actions: Readonly<Record<string, () => void>> = {
    ArrowDown: () => focusRow(rows[at + 1]),
    ArrowUp: () => focusRow(rows[at - 1]),
    Home: () => focusRow(rows[0]),
    End: () => focusRow(rows.at(-1)),
    ArrowRight: () => (isFolder && !isOpen ? setShut(stop.path, false) : focusRow(rows[at + 1])),
    ArrowLeft: () =>
      isOpen ? setShut(stop.path, true) : focusRow(rows.find(({ path }) => path === folderOf(stop.path))),
    Enter: () => press(stop),
    " ": () => press(stop),
    F2: () => (naming.value = stop.path),
    Delete: () => remove(stop),
  };
  return actions[key];
}

function focusRow(row: Row | undefined): void {
  if (row === undefined) return;
  current.value = row.path;
  queueMicrotask(() => document.getElementById(rowId(row.path))?.focus());
}

function remove(row: Row | undefined): void {
  if (row === undefined) return;
  const next = neighbourOf(row);
  const putBack = removePath(row.path);
  focusRow(next);
  notifyWithUndo(
    row.kind === "folder" ? `Deleted folder ${row.name} and its contents.` : `Deleted ${row.name}.`,
    () => {
      if (putBack()) focusRow(row);
      else notify("Another project is open", "error");
    },
  );
}

/** The row that takes the focus when this one goes: below it, but not inside, else above it. */
function neighbourOf({ path }: Row): Row | undefined {
  const rows = rowsOf(paths.peek(), shut.peek());
  const at = rows.findIndex((row) => row.path === path);
  return rows.slice(at + 1).find((row) => !row.path.startsWith(`${path}/`)) ?? rows[at - 1];
}

function finishNew(name: string | null): void {
  if (naming.peek() === null) return;
  naming.value = null;
  if (name === null || name.trim() === "" || name.endsWith("/")) return;
  const cleaned = cleanPath(name);
  if ("problem" in cleaned) return notify(cleaned.problem, "error");
  if (!paths.peek().includes(cleaned.path)) writeFile(cleaned.path, "");
  openFile(cleaned.path);
  current.value = cleaned.path;
  pane.value = "editor";
}

function finishRename(row: Row, name: string | null): void {
  if (naming.peek() === null) return;
  naming.value = null;
  if (name === null || name.trim() === "") return;
  const problem = movePath(row.path, name);
  if (problem !== null) notify(problem, "error");
  else focusRow({ ...row, path: name });
}

function dropOn(event: DragEvent, folder: string): void {
  event.preventDefault();
  event.stopPropagation();
  const path = event.dataTransfer?.getData("application/x-terrarium-path") ?? "";
  if (path === "") return void upload(event.dataTransfer?.files ?? [], folder);
  const problem = movePath(path, folder === "" ? baseName(path) : `${folder}/${baseName(path)}`);
  if (problem !== null) notify(problem, "error");
}
