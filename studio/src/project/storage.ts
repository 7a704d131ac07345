// Projects in this browser's IndexedDB, so that work outlives the page. Where there is none (private windows
// of some browsers), the project lives as long as the page and `persistent` says so.
import type { Live, Project } from "./types.ts";

const DATABASE = "terrarium-studio";
const STORE = "projects";
const CURRENT_KEY = "terrarium.current";
const LIVE_KEY = "terrarium.live";

let opened: Promise<IDBDatabase> | undefined;

/** A project in a list. */
export type ProjectSummary = Pick<Project, "id" | "name" | "changedAtMs"> & { readonly fileCount: number };

/** Writes a project. Rejects if the browser refuses: no space, no storage. */
export async function saveProject(project: Project): Promise<void> {
  await keepProject(project);
  localStorage.setItem(CURRENT_KEY, project.id);
}

/** Writes a project that is not the open one. */
export async function keepProject(project: Project): Promise<void> {
  await run("readwrite", (store) => store.put(project));
}

/** The project that was open last. */
export async function loadCurrent(): Promise<Project | undefined> {
  const id = localStorage.getItem(CURRENT_KEY);
  const project = id === null ? undefined : await loadProject(id);
  const kept = JSON.parse(localStorage.getItem(LIVE_KEY) ?? "null") as {
    readonly projectId: string;
    readonly live: Live | null;
  } | null;
  return project === undefined || kept?.projectId !== project.id ? project : { ...project, live: kept.live };
}

/**
 * Notes at once what a project is deployed as: a page that is closed now may not finish writing the project.
 */
export function keepLive(projectId: string, live: Live | null): void {
  localStorage.setItem(LIVE_KEY, JSON.stringify({ projectId, live }));
}

/** A project by id. */
export async function loadProject(id: string): Promise<Project | undefined> {
  return (await run("readonly", (store) => store.get(id))) as Project | undefined;
}

/** All projects, the one changed last first. */
export async function listProjects(): Promise<ProjectSummary[]> {
  const projects = (await run("readonly", (store) => store.getAll())) as Project[];
  return projects
    .map(({ id, name, changedAtMs, files }) => ({ id, name, changedAtMs, fileCount: files.size }))
    .sort((a, b) => b.changedAtMs - a.changedAtMs);
}

/** Removes a project and hands it out, so that it can be put back. */
export async function takeProject(id: string): Promise<Project | undefined> {
  const project = await loadProject(id);
  await run("readwrite", (store) => store.delete(id));
  return project;
}

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await (opened ??= open());
  return await settled(act(database.transaction(STORE, mode).objectStore(STORE)));
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
  return await settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () =>
      reject(request.error ?? new Error("The browser refused to save")),
    );
  });
}
