// The top: which project, its life, and the one button that matters.
import { build, buildAndDeploy, building, languageName } from "../deploy/build.ts";
import { downloadProject } from "../tree/file-tree.tsx";
import { dialog, isDark, theme } from "../layout/view.ts";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { project, saveState, setName } from "../project/workspace.ts";
import { LiveAddress } from "./live-address.tsx";

const SAVE_TEXTS = {
  saved: "Saved in this browser",
  saving: "Saving…",
  failed: "Not saved: this browser's storage is full or disabled",
} as const;

export function Header() {
  const opened = project.value;
  return (
    <header class="header">
      <a
        class="brand"
        href="/"
        aria-label="Terrarium Studio"
        onClick={(event) => {
          event.preventDefault();
          dialog.value = "gallery";
        }}
      >
        <img src="/icon.svg" alt="" width={24} height={24} />
        <span class="brand-name">Terrarium</span>
      </a>
      <button type="button" class="button quiet" onClick={() => (dialog.value = "gallery")}>
        <Icon name="gallery" /> <span class="wide-only">Templates</span>
      </button>
      {opened != null && (
        <div class="project-name">
          <input
            key={opened.name}
            class="input quiet"
            aria-label="Project name"
            defaultValue={opened.name}
            spellcheck={false}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {languageName.value !== null && <span class="chip">{languageName.value}</span>}
          <span
            class={`save-dot save-${saveState.value}`}
            role="img"
            title={SAVE_TEXTS[saveState.value]}
            aria-label={SAVE_TEXTS[saveState.value]}
          />
        </div>
      )}
      <LiveAddress />
      <div class="header-actions">
        <IconButton
          icon="share"
          label="Share by link"
          disabled={opened == null}
          onClick={() => (dialog.value = "share")}
        />
        <IconButton
          icon="download"
          label="Download as tar"
          disabled={opened == null}
          onClick={downloadProject}
        />
        <IconButton
          icon={isDark() ? "sun" : "moon"}
          label={isDark() ? "Light theme" : "Dark theme"}
          onClick={() => (theme.value = isDark() ? "light" : "dark")}
        />
        <IconButton icon="help" label="Keyboard shortcuts" onClick={() => (dialog.value = "keys")} />
      </div>
      <button
        type="button"
        class="button primary deploy"
        disabled={opened == null || building.value}
        aria-keyshortcuts="Control+Enter Meta+Enter"
        onClick={() => void buildAndDeploy()}
      >
        {building.value ? <span class="spinner" /> : <Icon name="play" />}{" "}
        {building.value ? "Building…" : "Build & Deploy"}
      </button>
      <p class="visually-hidden" role="status" aria-live="polite">
        {spoken()}
      </p>
    </header>
  );
}

/** What screen readers hear of a build. */
function spoken(): string {
  const current = build.value;
  if (current === null) return "";
  if (current.status === "live") return "Live";
  if (current.status === "failed") return "The build failed";
  return current.phases.at(-1)?.label ?? "";
}
