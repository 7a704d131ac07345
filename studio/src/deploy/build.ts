// Build & Deploy: one at a time, its phases as they happen, and what came of it.
import { computed, signal } from "@preact/signals";
import { ApiError, call, type Trouble } from "../api/client.ts";
import { callLines } from "../api/lines.ts";
import type { DeploymentView, DeployEventView, DiagnosticView } from "../../../src/api/index.ts";
import { languageLabel } from "../../../src/languages/list.ts";
import { archiveOf } from "../project/archive.ts";
import { withValues } from "../project/variables.ts";
import { flushSave, language, project, setLive } from "../project/workspace.ts";
import { type Finding, findingsIn } from "./diagnostics.ts";
import { expiryAfter } from "./lifetime.ts";
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
  readonly problem: Trouble | null;
  /** The compiler's findings, if the server told them apart. */
  readonly diagnostics: readonly DiagnosticView[];
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
  const unique = new Map(
    findingsIn(`${current.output}\n${current.problem?.title ?? ""}`).map((finding) => [
      JSON.stringify(finding),
      finding,
    ]),
  );
  return [...unique.values()];
});

/** The deploy under way, as far as the server has told. */
interface Attempt {
  readonly abort: AbortController;
  readonly startedMs: number;
  accepted: { readonly id: string; readonly token: string } | null;
  isStopped: boolean;
}

/**
 * A server that has not taken the project in so long after it was stopped does not hear about it any more.
 */
const ACCEPT_MS = 10_000;

let attempt: Attempt | undefined;

/** Builds and deploys the open project. Never rejects: what went wrong is in `build`. */
export async function buildAndDeploy(): Promise<void> {
  const current = project.peek();
  if (current == null || building.peek()) return;
  flushSave();
  const startedMs = performance.now();
  const mine: Attempt = { abort: new AbortController(), startedMs, accepted: null, isStopped: false };
  attempt = mine;
  build.value = {
    status: "running",
    startedAtMs: startedMs,
    phases: [],
    output: "",
    problem: null,
    diagnostics: [],
    totalMs: null,
  };
  try {
    const query = new URLSearchParams({ name: current.name.slice(0, 100) });
    const body = archiveOf(withValues(current.files, current.variables));
    const options = {
      method: "POST",
      contentType: "application/x-tar",
      body,
      token: deployToken.peek(),
      signal: mine.abort.signal,
    };
    for await (const event of callLines<DeployEventView>(`/deployments?${query}`, options)) {
      if (event.event === "accepted") mine.accepted = { id: event.id, token: event.token };
      if (mine.isStopped) return await remove(mine);
      if (event.event === "live") {
        const { expiresInMs, id } = event.deployment;
        setLive(current.id, {
          id,
          token: mine.accepted?.token ?? "",
          url: addressOf(event.deployment),
          expiresAtMs: expiryAfter(expiresInMs),
          deployedAtMs: Date.now(),
          revision: current.revision,
        });
      }
      hear(event, startedMs);
    }
    if (!mine.isStopped && building.peek())
      fail(
        {
          title: "The server closed the connection before the build finished",
          fix: "Press Build & Deploy again",
          status: 0,
          code: "TER_INTERRUPTED",
        },
        startedMs,
      );
  } catch (error) {
    if (!mine.isStopped) fail(problemOf(error), startedMs);
  }
}

/** Stops the build under way, on the server too: its compiler ends, and nothing is deployed. */
export function cancelBuild(): void {
  const stopped = attempt;
  if (stopped === undefined || stopped.isStopped || !building.peek()) return;
  stopped.isStopped = true;
  fail({ title: "Build stopped", status: 0, code: "TER_INTERRUPTED_BY_USER" }, stopped.startedMs);
  // A project that was not accepted yet has no name to be removed by: it is removed as soon as it has one.
  if (stopped.accepted !== null) void remove(stopped);
  else setTimeout(() => stopped.abort.abort(), ACCEPT_MS);
}

/** Takes the deployment away, which ends its build. */
async function remove({ accepted, abort }: Attempt): Promise<void> {
  abort.abort();
  // Gone already, or out of reach: it then expires like any other.
  if (accepted !== null)
    await call(`/deployments/${accepted.id}`, { method: "DELETE", token: accepted.token }).catch(
      () => undefined,
    );
}

/** The address to show: over TLS if this page came that way, since browsers refuse to mix. */
function addressOf({ url, urls }: DeploymentView): string {
  return (location.protocol === "https:" ? urls.https : urls.http) ?? url;
}

/** Name of the open project's language. */
export const languageName = computed(() => (language.value === null ? null : languageLabel(language.value)));

function hear(event: DeployEventView, startedMs: number): void {
  const current = build.peek();
  if (current === null) return;
  switch (event.event) {
    case "phase":
      build.value = { ...current, phases: withPhase(current.phases, event.phase, event.label) };
      break;
    case "phase-end":
      build.value = {
        ...current,
        phases: current.phases.map((phase) =>
          phase.name === event.phase && phase.ms === null ? { ...phase, ms: event.ms } : phase,
        ),
      };
      break;
    case "output":
      build.value = { ...current, output: current.output + event.text };
      break;
    case "live":
      build.value = {
        ...current,
        status: "live",
        phases: ended(current.phases),
        totalMs: performance.now() - startedMs,
      };
      break;
    case "failed":
      fail(event.problem, startedMs, event.diagnostics);
  }
}

function findingOf({ severity, message, file, line, column }: DiagnosticView): Finding {
  return {
    severity,
    message,
    location: file === null ? null : { path: file, line: line ?? 1, column: column ?? 1 },
  };
}

function fail(problem: Trouble, startedMs: number, diagnostics: readonly DiagnosticView[] = []): void {
  const current = build.peek();
  if (current === null) return;
  if (problem.code === "TER_UNAUTHORIZED") tokenWanted.value = true;
  build.value = {
    ...current,
    status: "failed",
    phases: ended(current.phases),
    problem,
    diagnostics,
    totalMs: performance.now() - startedMs,
  };
}

/** The next phase, or the one under way with another label: another queue position. */
function withPhase(phases: readonly Phase[], name: string, label: string): Phase[] {
  const last = phases.at(-1);
  if (last?.name === name && last.ms === null) return [...phases.slice(0, -1), { ...last, label }];
  return [...ended(phases), { name, label, startedMs: performance.now(), ms: null }];
}

function ended(phases: readonly Phase[]): Phase[] {
  return phases.map((phase) =>
    phase.ms === null ? { ...phase, ms: performance.now() - phase.startedMs } : phase,
  );
}

function problemOf(error: unknown): Trouble {
  if (error instanceof ApiError) {
    const title =
      error.code === "TER_UNREACHABLE"
        ? "Lost the connection to the server during the build. Press Build & Deploy again"
        : error.message;
    return { title, status: error.status, code: error.code, details: error.details };
  }
  return { title: error instanceof Error ? error.message : String(error), status: 0, code: "TER_INTERNAL" };
}
