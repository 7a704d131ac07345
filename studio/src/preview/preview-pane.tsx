// The deployment in a frame: another origin, sandboxed. A frame belongs to one build: it is gone before the
// next is shown.
import { signal } from "@preact/signals";
import { build, buildAndDeploy, building } from "../deploy/build.ts";
import { expired, live } from "../deploy/lifetime.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { changedSinceDeploy, project } from "../project/workspace.ts";
import { previewPath, setPreviewPath } from "./path.ts";

/** Scripts and storage of its own origin, no way to the page around it. */
const SANDBOX =
  "allow-scripts allow-same-origin allow-forms allow-modals " +
  "allow-popups allow-popups-to-escape-sandbox allow-downloads";

const reloads = signal(0);
/** Number of the last frame that has finished loading, for `aria-busy`. */
const loaded = signal("");

export function PreviewPane() {
  const current = live.value;
  if (current === null) return <NothingYet />;
  const address = new URL(previewPath.value, current.url).href;
  const frame = `${current.id} ${reloads.value} ${address}`;
  return (
    <div class="preview">
      <PreviewBar url={current.url} address={address} />
      <PreviewState />
      {!expired.value && (
        <iframe
          key={frame}
          class="preview-frame"
          title={`The deployment ${current.id}`}
          src={address}
          sandbox={SANDBOX}
          referrerpolicy="no-referrer"
          aria-busy={loaded.value !== frame}
          data-build={current.id}
          onLoad={() => (loaded.value = frame)}
        />
      )}
    </div>
  );
}

function PreviewBar({ url, address }: { readonly url: string; readonly address: string }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem("path") as HTMLInputElement;
    setPreviewPath(field.value);
    reloads.value++;
  };
  return (
    <form class="preview-bar" onSubmit={submit}>
      <IconButton icon="refresh" label="Reload the preview" onClick={() => reloads.value++} />
      <label class="preview-path">
        <span class="visually-hidden">Path shown in the preview</span>
        <input class="input" name="path" value={previewPath.value} spellcheck={false} autocomplete="off" />
      </label>
      <CopyButton text={() => address} label="Copy this URL" done="URL copied" />
      <a
        class="icon-button"
        href={address}
        target="_blank"
        rel="noopener noreferrer"
        aria-label={`Open ${url} in a new tab`}
        title="Open in a new tab"
      >
        <Icon name="open" />
      </a>
    </form>
  );
}

/** Says which build the frame shows whenever that is not the newest text. */
function PreviewState() {
  if (building.value)
    return (
      <p class="preview-state">
        <span class="spinner" /> Building. Below is the build before.
      </p>
    );
  if (expired.value) {
    return (
      <div class="preview-over">
        <p class="big">This deployment has expired.</p>
        <p class="muted">Its address, store, assets and logs are gone. Your files are still here.</p>
        <DeployButton label="Deploy again" />
      </div>
    );
  }
  if (build.value?.status === "failed" && changedSinceDeploy.value)
    return <p class="preview-state bad">The last build failed. The preview shows the previous build.</p>;
  if (changedSinceDeploy.value) return <p class="preview-state">You have changed files since this build.</p>;
  return null;
}

function NothingYet() {
  return (
    <div class="preview-over">
      <p class="big">Nothing is deployed yet.</p>
      <p class="muted">
        {project.value == null
          ? "Choose a template first."
          : "Build & Deploy gives it its own URL for a few minutes."}
      </p>
      {project.value != null && <DeployButton label="Build & Deploy" />}
    </div>
  );
}

function DeployButton({ label }: { readonly label: string }) {
  return (
    <button
      type="button"
      class="button primary"
      disabled={building.value}
      onClick={() => void buildAndDeploy()}
    >
      <Icon name="play" /> {building.value ? "Building…" : label}
    </button>
  );
}
