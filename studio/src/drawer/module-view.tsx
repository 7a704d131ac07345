// The built module: its sections, what it imports and exports, which functions weigh most, its text.
import { signal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import type { ModuleView } from "../../../src/api/index.ts";
import { live } from "../deploy/lifetime.ts";
import { formatBytes } from "../project/content.ts";
import { downloadModule, moduleInfo, moduleProblem, moduleText, readingText, readText } from "./module.ts";

/** Functions listed; the rest is a sum. */
const MAX_FUNCTIONS = 60;

const watView = signal<FunctionComponent<{ readonly text: string }> | null>(null);

export function ModuleView() {
  if (live.value === null) return <p class="empty">Deploy to see the module here.</p>;
  if (moduleProblem.value !== null && moduleInfo.value === null)
    return <p class="empty">{moduleProblem.value}</p>;
  const info = moduleInfo.value;
  if (info === null) return <p class="loading">Loading the module…</p>;
  return (
    <div class="module-view">
      <p>
        <strong>{formatBytes(info.bytes)}</strong>{" "}
        <span class="muted">
          {info.functions.length} functions · {pages(info)}{" "}
          {info.features.length === 0 ? "" : `· ${info.features.join(", ")}`}
        </span>
      </p>
      <div class="module-columns">
        <Sizes title="Sections" rows={info.sections.map(({ title, size }) => ({ name: title, size }))} />
        <Functions info={info} />
        <Names
          title="Imports"
          names={info.imports.map(({ module, name, type }) => [`${module}.${name}`, type ?? ""])}
        />
        <Names title="Exports" names={info.exports.map(({ name, kind, type }) => [name, type ?? kind])} />
      </div>
      <ModuleText />
    </div>
  );
}

function pages({ memories: [memory] }: ModuleView): string {
  return memory === undefined
    ? "no memory"
    : `${formatBytes(memory.initialPages * 65_536)} of memory at the start`;
}

function Functions({ info }: { readonly info: ModuleView }) {
  const sorted = info.functions.toSorted((a, b) => b.size - a.size);
  const rows = sorted
    .slice(0, MAX_FUNCTIONS)
    .map(({ index, name, size }) => ({ name: name ?? `function ${index}`, size }));
  const rest = sorted.slice(MAX_FUNCTIONS).reduce((total, { size }) => total + size, 0);
  return (
    <Sizes
      title="Functions by size"
      rows={
        rest === 0 ? rows : [...rows, { name: `${sorted.length - MAX_FUNCTIONS} smaller ones`, size: rest }]
      }
    />
  );
}

function Sizes({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly size: number }[];
}) {
  const largest = Math.max(1, ...rows.map(({ size }) => size));
  return (
    <section>
      <h3>{title}</h3>
      <ul class="sizes" tabIndex={0} aria-label={title}>
        {rows.map(({ name, size }, index) => (
          <li key={index} style={{ "--part": `${(size / largest) * 100}%` }}>
            <code>{name}</code>
            <span class="faint">{formatBytes(size)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Names({
  title,
  names,
}: {
  readonly title: string;
  readonly names: readonly (readonly [name: string, type: string])[];
}) {
  return (
    <section>
      <h3>{title}</h3>
      {names.length === 0 ? (
        <p class="muted">None.</p>
      ) : (
        <ul class="sizes" tabIndex={0} aria-label={title}>
          {names.map(([name, type], index) => (
            <li key={index}>
              <code>{name}</code>
              <code class="faint">{type}</code>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function ModuleText() {
  const text = moduleText.value;
  const WatView = watView.value;
  useEffect(() => void (text === null || loadWatView()), [text === null]);
  if (text !== null)
    return WatView === null ? <p class="loading">Loading the view…</p> : <WatView text={text} />;
  const isReading = readingText.value;
  return (
    <p>
      <button type="button" class="button small" aria-busy={isReading} onClick={() => void readText()}>
        {isReading ? "Disassembling…" : "Show as text (WAT)"}
      </button>{" "}
      <button type="button" class="button small" onClick={() => void downloadModule()}>
        Download the module
      </button>{" "}
      <span class="warn" role="alert">
        {moduleProblem.value}
      </span>
    </p>
  );
}

async function loadWatView(): Promise<void> {
  watView.value ??= (await import("../editor/wat-view.tsx")).WatView;
}
