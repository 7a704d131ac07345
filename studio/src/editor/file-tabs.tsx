// The open files as tabs.
import { baseName, folderOf } from "../project/paths.ts";
import { activePath, closeFile, openFile, project } from "../project/workspace.ts";
import { nextIndex } from "../parts/tabs.tsx";
import { Icon } from "../parts/icon.tsx";

export function FileTabs() {
  const open = project.value?.openPaths ?? [];
  const active = activePath.value;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Delete" && active !== null) return closeFile(active);
    const to = nextIndex(event.key, open.indexOf(active ?? ""), open.length);
    const path = to === undefined ? undefined : open[to];
    if (path === undefined) return;
    event.preventDefault();
    openFile(path);
    document.getElementById(tabId(path))?.focus();
  };
  const names = open.map(baseName);
  return (
    <div class="file-tabs">
      <div
        role="tablist"
        aria-label="Open files; Delete closes one"
        class="file-tab-list"
        onKeyDown={onKeyDown}
      >
        {open.map((path) => {
          const ambiguous = names.filter((name) => name === baseName(path)).length > 1;
          return (
            <button
              key={path}
              id={tabId(path)}
              type="button"
              role="tab"
              class="file-tab"
              aria-selected={path === active}
              aria-controls={path === active ? "editor-panel" : undefined}
              tabIndex={path === active ? 0 : -1}
              title={path}
              onClick={() => openFile(path)}
              onAuxClick={(event) => event.button === 1 && closeFile(path)}
            >
              {baseName(path)}
              {ambiguous && <span class="faint"> {folderOf(path)}</span>}
            </button>
          );
        })}
      </div>
      {active !== null && (
        <button
          type="button"
          class="icon-button"
          aria-label={`Close ${baseName(active)}`}
          title="Close this file"
          onClick={() => closeFile(active)}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

/** The id of a file's tab. */
export function tabId(path: string): string {
  return `file-tab-${path}`;
}
