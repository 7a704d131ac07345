// The build: phases with their times, and what the compiler says, with locations that open.
import { useEffect, useRef } from "preact/hooks";
import { textOf } from "../api/client.ts";
import { type Build, build, cancelBuild, type Phase } from "../deploy/build.ts";
import { formatMs } from "../project/content.ts";
import { LinkedText } from "./linked-text.tsx";

export function BuildView() {
  const current = build.value;
  if (current === null)
    return (
      <p class="empty">Press Build &amp; Deploy to see the phases, their times and the compiler’s output.</p>
    );
  return (
    <div class="build-view">
      <ol class="phases" aria-label="Phases">
        {current.phases.map((phase) => (
          <PhaseRow key={phase.startedMs} phase={phase} status={current.status} />
        ))}
      </ol>
      <Outcome build={current} />
      <Output text={current.output} />
    </div>
  );
}

function PhaseRow({ phase, status }: { readonly phase: Phase; readonly status: Build["status"] }) {
  const running = phase.ms === null && status === "running";
  return (
    <li class={`phase ${running ? "phase-running" : ""}`}>
      <span class="phase-mark" aria-hidden="true" />
      <span>{phase.label}</span>
      <span class="phase-time">{running ? "…" : formatMs(phase.ms ?? 0)}</span>
    </li>
  );
}

function Outcome({ build: { status, problem, totalMs, output } }: { readonly build: Build }) {
  if (status === "running")
    return (
      <button type="button" class="button small" onClick={cancelBuild}>
        Stop the build
      </button>
    );
  if (status === "live") return <p class="outcome good">Live after {formatMs(totalMs ?? 0)}</p>;
  const title = problem === null ? "The build failed" : textOf(problem);
  const isSaid = problem?.code === "TER_BUILD_FAILED" && output.trim() !== "";
  return (
    <div class="outcome bad" role="alert">
      {isSaid ? "The build failed" : <LinkedText text={title} />}{" "}
      {problem?.code.startsWith("TER_") === true && <code class="faint">{problem.code}</code>}
    </div>
  );
}

function Output({ text }: { readonly text: string }) {
  const end = useRef<HTMLPreElement>(null);
  useEffect(() => end.current?.scrollIntoView({ block: "nearest" }), [text]);
  if (text === "") return null;
  return (
    <pre class="output" ref={end} tabIndex={0} aria-label="Compiler output">
      <LinkedText text={text} />
    </pre>
  );
}
