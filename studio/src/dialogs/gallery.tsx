// The template gallery, and the projects that this browser keeps. Opening one never builds anything.
import { useEffect, useState } from "preact/hooks";
import type { TemplateSummary } from "../../../src/api/index.ts";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { notify } from "../parts/toasts.tsx";
import { languageLabel } from "../../../src/languages/list.ts";
import {
  keepProject,
  listProjects,
  loadProject,
  type ProjectSummary,
  takeProject,
} from "../project/storage.ts";
import { loadTemplates, projectOf, templates, troubledLanguages } from "../project/templates.ts";
import type { Project } from "../project/types.ts";
import { flushSave, openProject, project } from "../project/workspace.ts";

export function Gallery({ onOpened }: { readonly onOpened: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    loadTemplates().catch((error: unknown) =>
      setProblem(error instanceof Error ? error.message : String(error)),
    );
  }, []);
  const open = (template: TemplateSummary) => {
    projectOf(template).then(
      (made) => {
        openProject(made);
        onOpened();
      },
      (error: unknown) => notify(error instanceof Error ? error.message : String(error), "error"),
    );
  };
  const list = templates.value;
  return (
    <div class="gallery">
      <p class="muted lead">
        Small WebAssembly programs, live at their own URL within seconds. Start from one of these.
      </p>
      {list === undefined && problem === null && <p class="loading">Loading…</p>}
      {list === undefined && problem !== null && (
        <p class="outcome bad" role="alert">
          {problem}. Templates come from the server. Your own projects are below.
        </p>
      )}
      <ul class="cards">
        {list?.map((template) => (
          <li key={template.name}>
            <Card template={template} onOpen={open} />
          </li>
        ))}
      </ul>
      <OwnProjects onOpened={onOpened} />
    </div>
  );
}

function Card({
  template,
  onOpen,
}: {
  readonly template: TemplateSummary;
  readonly onOpen: (template: TemplateSummary) => void;
}) {
  const { title, summary, language } = template;
  const trouble = troubledLanguages.value.get(language);
  return (
    <button type="button" class="card" onClick={() => onOpen(template)}>
      <span class={`chip chip-${language}`}>{languageLabel(language)}</span>
      <strong>{title}</strong>
      <span class="muted">{summary}</span>
      {trouble !== undefined && (
        <span class={trouble.available ? "muted" : "warn"}>
          {trouble.detail}. On the server: <code>{trouble.fix}</code>
        </span>
      )}
    </button>
  );
}

function OwnProjects({ onOpened }: { readonly onOpened: () => void }) {
  const [list, setList] = useState<readonly ProjectSummary[]>([]);
  const [removed, setRemoved] = useState<Project | null>(null);
  const read = () => void listProjects().then(setList, () => {});
  useEffect(() => {
    flushSave();
    read();
  }, []);
  const remove = async (id: string) => {
    setRemoved((await takeProject(id)) ?? null);
    read();
  };
  const putBack = async (project: Project) => {
    await keepProject(project);
    setRemoved(null);
    read();
  };
  if (list.length === 0 && removed === null) return null;
  const open = async (id: string) => {
    const found = await loadProject(id);
    if (found === undefined) return;
    openProject(found);
    onOpened();
  };
  return (
    <section>
      <h3>Projects in this browser</h3>
      <p role="status" class="muted">
        {removed !== null && (
          <>
            Deleted {removed.name === "" ? "an unnamed project" : removed.name}.{" "}
            <button ref={takeFocus} type="button" class="button small" onClick={() => void putBack(removed)}>
              Undo
            </button>
          </>
        )}
      </p>
      <ul class="own-projects">
        {list.map(({ id, name, changedAtMs, fileCount }) => (
          <li key={id}>
            <button type="button" class="own-project" onClick={() => void open(id)}>
              <Icon name="folder" /> <strong>{name === "" ? "Unnamed" : name}</strong>
              <span class="muted">
                {fileCount} {fileCount === 1 ? "file" : "files"} ·{" "}
                {new Date(changedAtMs).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}
              </span>
            </button>
            {id !== project.value?.id && (
              <IconButton icon="trash" label={`Delete ${name}`} onClick={() => void remove(id)} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/**
 * The button that was pressed is gone. Not a function of its own for each render: it would take the focus
 * again.
 */
function takeFocus(button: HTMLButtonElement | null): void {
  button?.focus();
}
