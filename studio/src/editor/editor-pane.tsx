// The centre: tabs of open files over the editor, or the picture of an asset. The editor's code is loaded
// after the page has shown itself.
import type { FunctionComponent } from "preact";
import { signal } from "@preact/signals";
import { activePath, project } from "../project/workspace.ts";
import { AssetView } from "./asset-view.tsx";
import { FileTabs, tabId } from "./file-tabs.tsx";

const editor = signal<FunctionComponent | null>(null);

/** Fetches the editor's code. */
export async function loadEditor(): Promise<void> {
  editor.value = (await import("./code-editor.tsx")).CodeEditor;
}

export function EditorPane() {
  const path = activePath.value;
  const content = path === null ? undefined : project.value?.files.get(path);
  const isText = typeof content === "string";
  const CodeEditor = editor.value;
  return (
    <section class="editor-pane" aria-label="Editor">
      <FileTabs />
      <div
        class="editor-body"
        {...(path === null ? {} : { id: "editor-panel", role: "tabpanel", "aria-labelledby": tabId(path) })}
      >
        <div class="editor-host" hidden={!isText}>
          {CodeEditor === null ? <p class="loading">Loading the editor…</p> : <CodeEditor />}
        </div>
        {path !== null && content !== undefined && !isText && (
          <AssetView key={path} path={path} content={content} />
        )}
        {path === null && <p class="empty">No file is open. Choose one on the left, or press Ctrl+P.</p>}
      </div>
    </section>
  );
}
