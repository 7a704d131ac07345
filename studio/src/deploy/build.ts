// Build & Deploy: one at a time, its phases as they happen, and what came of it.
import { computed, signal } from "@preact/signals";
import { ApiError } from "../api/client.ts";
import { callLines } from "../api/lines.ts";
import type { Deployment, DeployEvent, Diagnostic, Problem } from "../api/types.ts";
import { LANGUAGE_NAMES } from "../project/paths.ts";
import { writeTar } from "../project/tar.ts";
import { withValues } from "../project/variables.ts";
import { flushSave, language, project, setLive } from "../project/workspace.ts";
import { type Finding, findingsIn } from "./diagnostics.ts";
import { deployToken, tokenWanted } from "./tokens.ts";

/** One phase; `ms` is null while it is under way. */
export interface Phase {
  readonly name: string;
  readonly label: string;
  readonly startedMs: number;
  readonly ms: number | null;
}

/** The build that is under way or was last. */
export interface Build {
  readonly status: "running" | "live" | "failed";
  readonly startedAtMs: number;
  readonly phases: readonly Phase[];
  readonly output: string;
  readonly problem: Problem | null;
  /** The compiler's findings, if the server told them apart. */
  readonly diagnostics: readonly Diagnostic[];
  /** From the press of the button to the end. */
  readonly totalMs: number | null;
}

/** Null until the first one. */
export const build = signal<Build | null>(null);
export const building = computed(() => build.value?.status === "running");
export const findings = computed<readonly Finding[]>(() => {
  const current = build.value;
  if (current === null) return [];
  if (current.diagnostics.length > 0) return current.diagnostics.map(findingOf);
  const unique = new Map(findingsIn(`${current.output}\n${current.problem?.title ?? ""}`).map((finding) => [JSON.stringify(finding), finding]));
  return [...unique.values()];
});

let abort: AbortController | undefined;

/** Builds and deploys the open project. Never rejects: what went wrong is in `build`. */
export async function buildAndDeploy(): Promise<void> {
  const current = project.peek();
  if (current == null || building.peek()) return;
  flushSave();
  abort = new AbortController();
  const startedMs = performance.now();
  build.value = { status: "running", startedAtMs: startedMs, phases: [], output: "", problem: null, diagnostics: [], totalMs: null };
  try {
    const query = new URLSearchParams({ name: current.name.slice(0, 100) });
    const guess = language.peek();
    if (guess !== null) query.set("language", guess);
    const body = writeTar(withValues(current.files, current.variables));
    const options = { method: "POST", contentType: "application/x-tar", body, token: deployToken.peek(), signal: abort.signal };
    let token = "";
    for await (const event of callLines<DeployEvent>(`/deployments?${query}`, options)) {
      if (event.event === "accepted") token = event.token;
      if (event.event === "live") {
        const { expiresInMs, id } = event.deployment;
        const expiresAtMs = expiresInMs === null ? null : Date.now() + expiresInMs;
        setLive(current.id, { id, token, url: addressOf(event.deployment), expiresAtMs, deployedAtMs: Date.now(), revision: current.revision });
      }
      hear(event, startedMs);
    }
    if (build.peek()?.status === "running") fail({ title: "The server ended the build without a result; press Build & Deploy again", status: 0, code: "TER_INTERRUPTED" }, startedMs);
  } catch (error) {
    fail(problemOf(error), startedMs);
  }
}

/** Gives up on the build under way. The server finishes it or not; its result is not looked at. */
export function cancelBuild(): void {
  abort?.abort(new DOMException("Stopped", "AbortError"));
}

/** The address to show: over TLS if this page came that way, since browsers refuse to mix. */
export function addressOf({ url, urls }: Deployment): string {
  return (location.protocol === "https:" ? urls.https : urls.http) ?? url;
}

/** Name of the open project's language. */
export const languageName = computed(() => LANGUAGE_NAMES[language.value ?? ""] ?? null);

function hear(event: DeployEvent, startedMs: number): void {
  const current = build.peek();
  if (current === null) return;
  switch (event.event) {
    case "phase":
      build.value = { ...current, phases: withPhase(current.phases, event.phase, event.label) };
      break;
    case "phase-end":
      build.value = { ...current, phases: current.phases.map((phase) => (phase.name === event.phase && phase.ms === null ? { ...phase, ms: event.ms } : phase)) };
      break;
    case "output":
      build.value = { ...current, output: current.output + event.text };
      break;
    case "live":
      build.value = { ...current, status: "live", phases: ended(current.phases), totalMs: performance.now() - startedMs };
      break;
    case "failed":
      fail(event.problem, startedMs, event.diagnostics);
  }
}

function findingOf({ severity, message, file, line, column }: Diagnostic): Finding {
  return { severity, message, place: file === null ? null : { path: file, line: line ?? 1, column: column ?? 1 } };
}

function fail(problem: Problem, startedMs: number, diagnostics: readonly Diagnostic[] = []): void {
  const current = build.peek();
  if (current === null) return;
  if (problem.code === "TER_UNAUTHORIZED") tokenWanted.value = true;
  build.value = { ...current, status: "failed", phases: ended(current.phases), problem, diagnostics, totalMs: performance.now() - startedMs };
}

/** The next phase, or the one under way with another label: a place in the queue. */
function withPhase(phases: readonly Phase[], name: string, label: string): Phase[] {
  const last = phases.at(-1);
  if (last?.name === name && last.ms === null) return [...phases.slice(0, -1), { ...last, label }];
  return [...ended(phases), { name, label, startedMs: performance.now(), ms: null }];
}

function ended(phases: readonly Phase[]): Phase[] {
  return phases.map((phase) => (phase.ms === null ? { ...phase, ms: performance.now() - phase.startedMs } : phase));
}

function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) {
    const title = error.code === "TER_UNREACHABLE" ? "The server went away during the build; press Build & Deploy again when it is back" : error.message;
    return { title, status: error.status, code: error.code, details: error.details };
  }
  if (error instanceof DOMException && error.name === "AbortError") return { title: "The build was stopped", status: 0, code: "STOPPED" };
  return { title: error instanceof Error ? error.message : String(error), status: 0, code: "TER_INTERNAL" };
}
