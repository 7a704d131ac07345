// The text editor for the active file. The rest of the page sees it as: text of the project in, text out.
import { setDiagnostics } from "@codemirror/lint";
import type { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { findings } from "../deploy/build.ts";
import { syntaxOf } from "../project/paths.ts";
import { activePath, project, writeFile } from "../project/workspace.ts";
import { wantedLocation } from "./jump.ts";
import { languageFor } from "./languages.ts";
import { createState, languageSlot } from "./states.ts";

/** The editor; mounted once and fed by signals. */
export function CodeEditor() {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => (host.current === null ? undefined : new EditorSession(host.current).start()), []);
  return <div ref={host} class="code-editor" />;
}

class EditorSession {
  readonly #view: EditorView;
  readonly #states = new Map<string, EditorState>();
  #projectId: string | null = null;
  #path: string | null = null;

  constructor(host: HTMLElement) {
    this.#view = new EditorView({ parent: host });
  }

  /** Follows the signals; the returned function ends it. */
  start(): () => void {
    const stops = [
      effect(() => {
        const current = project.value;
        this.#show(current?.id ?? null, activePath.value, current?.files.get(activePath.value ?? ""));
      }),
      effect(() => this.#mark(activePath.value, findings.value)),
      effect(() => {
        const location = wantedLocation.value;
        if (location !== null && location.path === activePath.value)
          this.#goTo(location.line, location.column);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      this.#view.destroy();
    };
  }

  #show(projectId: string | null, path: string | null, content: unknown): void {
    if (projectId !== this.#projectId) this.#states.clear();
    else if (this.#path !== null) this.#states.set(this.#path, this.#view.state);
    const same = projectId === this.#projectId && path === this.#path;
    this.#projectId = projectId;
    this.#path = path;
    if (path === null || typeof content !== "string") return;
    // What the editor holds came from here or went there: if it differs, somebody else changed the file.
    if (same && this.#view.state.doc.toString() === content) return;
    const kept = this.#states.get(path);
    if (kept !== undefined && kept.doc.toString() === content) this.#view.setState(kept);
    else {
      this.#view.setState(createState(path, content, (text) => writeFile(path, text)));
      void this.#highlight(path);
    }
    this.#mark(path, findings.peek());
  }

  async #highlight(path: string): Promise<void> {
    const language = await languageFor(syntaxOf(path));
    if (this.#path === path) this.#view.dispatch({ effects: languageSlot.reconfigure(language) });
    else this.#states.delete(path);
  }

  #mark(path: string | null, found: typeof findings.value): void {
    const { doc } = this.#view.state;
    const diagnostics = found.flatMap(({ location, severity, message }) => {
      if (location === null || location.path !== path || location.line > doc.lines) return [];
      const line = doc.line(location.line);
      const from = Math.min(line.from + location.column - 1, line.to);
      const word = this.#view.state.wordAt(from);
      const info = severity === "note" ? "info" : severity;
      return [{ from, to: Math.max(word?.to ?? from + 1, from), severity: info, message } as const];
    });
    const within = diagnostics.map((one) => ({ ...one, to: Math.min(one.to, doc.length) }));
    queueMicrotask(() => {
      if (this.#view.state.doc === doc) this.#view.dispatch(setDiagnostics(this.#view.state, within));
    });
  }

  #goTo(lineNumber: number, column: number): void {
    wantedLocation.value = null;
    const { doc } = this.#view.state;
    const line = doc.line(Math.min(Math.max(1, lineNumber), doc.lines));
    const at = Math.min(line.from + Math.max(0, column - 1), line.to);
    this.#view.dispatch({
      selection: { anchor: at },
      effects: EditorView.scrollIntoView(at, { y: "center" }),
    });
    this.#view.focus();
  }
}
