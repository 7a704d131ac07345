// The open project and every change to it. Changes reach the browser's storage shortly after they are made.
import { computed, signal } from "@preact/signals";
import { baseName, cleanPath, firstPath, languageOf } from "./paths.ts";
import { keepLive, loadCurrent, saveProject } from "./storage.ts";
import {
  type Content,
  type Files,
  type Live,
  type Project,
  PLAIN_REQUEST,
  type SavedRequest,
  type Variable,
} from "./types.ts";

const SAVE_AFTER_MS = 300;

/** The open project; null before one is opened, undefined before the storage was asked. */
export const project = signal<Project | null | undefined>(undefined);
/** Whether the last write to the browser's storage worked. */
export const saveState = signal<"saved" | "saving" | "failed">("saved");

export const paths = computed<readonly string[]>(() => [...(project.value?.files.keys() ?? [])].sort());
export const language = computed(() => languageOf(paths.value));
export const activePath = computed(() => project.value?.activePath ?? null);
/** True if the files or variables differ from what is deployed. */
export const changedSinceDeploy = computed(() => {
  const current = project.value;
  return current?.live != null && current.live.revision !== current.revision;
});

let timer: ReturnType<typeof setTimeout> | undefined;

/** Opens the project of the last visit, if there is one. */
export async function openLast(): Promise<void> {
  const last = await loadCurrent().catch(() => undefined);
  if (project.peek() === undefined) project.value = last ?? null;
}

/** Opens a project anew. */
export function openProject(next: Project): void {
  flushSave();
  project.value = next;
  scheduleSave();
}

/** Makes a project of files. */
export function createProject(
  name: string,
  files: Files,
  rest: { readonly variables?: readonly Variable[]; readonly request?: SavedRequest } = {},
): Project {
  const first = firstPath([...files.keys()].sort());
  return {
    id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
    name,
    files,
    variables: rest.variables ?? [],
    request: rest.request ?? PLAIN_REQUEST,
    openPaths: first === null ? [] : [first],
    activePath: first,
    live: null,
    revision: 1,
    changedAtMs: Date.now(),
  };
}

/** Writes what is not yet written, now. */
export function flushSave(): void {
  if (timer === undefined) return;
  clearTimeout(timer);
  timer = undefined;
  const current = project.peek();
  if (current == null) return;
  saveState.value = "saving";
  saveProject(current).then(
    () => (saveState.value = timer === undefined ? "saved" : "saving"),
    () => (saveState.value = "failed"),
  );
}

export function openFile(path: string): void {
  change((current) => {
    if (!current.files.has(path)) return current;
    const openPaths = current.openPaths.includes(path) ? current.openPaths : [...current.openPaths, path];
    return { ...current, openPaths, activePath: path };
  });
}

export function closeFile(path: string): void {
  change((current) => {
    const at = current.openPaths.indexOf(path);
    const openPaths = current.openPaths.filter((other) => other !== path);
    const activePath =
      current.activePath === path
        ? (openPaths[Math.min(at, openPaths.length - 1)] ?? null)
        : current.activePath;
    return { ...current, openPaths, activePath };
  });
}

/** Writes a file, new or not. */
export function writeFile(path: string, content: Content): void {
  changeFiles((files) => files.set(path, content));
}

/**
 * Removes a file, or a folder with all in it. The returned function puts it back: false if another project is
 * open by then.
 */
export function removePath(path: string): () => boolean {
  const before = project.peek();
  changeFiles((files) => {
    for (const name of files.keys()) if (name === path || name.startsWith(`${path}/`)) files.delete(name);
  });
  const after = project.peek();
  return () => before != null && after != null && putBack(before, after);
}

/** Files that were made meanwhile under the same name stay as they are. */
function putBack(before: Project, after: Project): boolean {
  const current = project.peek();
  if (current?.id !== before.id) return false;
  const removed = [...before.files].filter(([name]) => !after.files.has(name));
  const isUntouched = current.revision === after.revision;
  change(({ files, openPaths, activePath, revision, ...rest }) => ({
    ...rest,
    files: new Map([...removed, ...files]),
    openPaths: isUntouched ? before.openPaths : openPaths,
    activePath: isUntouched ? before.activePath : activePath,
    // With no other change, the workspace is again what is deployed.
    revision: isUntouched ? before.revision : revision + 1,
  }));
  return true;
}

/** Moves a file, or a folder with all in it. Returns what is wrong, or null. */
export function movePath(from: string, to: string): string | null {
  const cleaned = cleanPath(to);
  if ("problem" in cleaned) return cleaned.problem;
  const target = cleaned.path;
  if (target === from) return null;
  if (target.startsWith(`${from}/`)) return "Cannot move a folder into itself";
  const moves = paths
    .peek()
    .filter((name) => name === from || name.startsWith(`${from}/`))
    .map((name) => [name, target + name.slice(from.length)] as const);
  const taken = moves.find(([, name]) => paths.peek().includes(name));
  if (taken !== undefined) return `${baseName(taken[1])} exists already`;
  const renamed = new Map(moves);
  change((current) => {
    const files = new Map([...current.files].map(([name, content]) => [renamed.get(name) ?? name, content]));
    const follow = (name: string) => renamed.get(name) ?? name;
    const active = current.activePath === null ? null : follow(current.activePath);
    return {
      ...current,
      files,
      openPaths: current.openPaths.map(follow),
      activePath: active,
      revision: current.revision + 1,
    };
  });
  return null;
}

export function setName(name: string): void {
  change((current) => ({ ...current, name }));
}

export function setRequest(request: Partial<SavedRequest>): void {
  change((current) => ({ ...current, request: { ...current.request, ...request } }));
}

export function setVariable(name: string, value: string): void {
  change((current) => {
    const variables = current.variables.map((variable) =>
      variable.name === name ? { ...variable, value } : variable,
    );
    return { ...current, variables, revision: current.revision + 1 };
  });
}

/** Notes what a project is deployed as. Without effect if another project is open meanwhile. */
export function setLive(projectId: string, live: Live | null): void {
  keepLive(projectId, live);
  change((current) => (current.id === projectId ? { ...current, live } : current));
  flushSave();
}

function changeFiles(act: (files: Map<string, Content>) => unknown): void {
  change((current) => {
    const files = new Map(current.files);
    act(files);
    const openPaths = current.openPaths.filter((path) => files.has(path));
    const activePath =
      current.activePath !== null && files.has(current.activePath)
        ? current.activePath
        : (openPaths.at(-1) ?? null);
    return { ...current, files, openPaths, activePath, revision: current.revision + 1 };
  });
}

function change(act: (current: Project) => Project): void {
  const current = project.peek();
  if (current == null) return;
  const next = act(current);
  if (next === current) return;
  project.value = { ...next, changedAtMs: Date.now() };
  scheduleSave();
}

function scheduleSave(): void {
  saveState.value = "saving";
  timer ??= setTimeout(flushSave, SAVE_AFTER_MS);
}
