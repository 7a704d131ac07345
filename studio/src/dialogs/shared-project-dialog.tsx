// Somebody opened a link that contains a project: shows its files before it becomes the open project.
import { signal } from "@preact/signals";
import { Dialog } from "../parts/dialog.tsx";
import { notify } from "../parts/toasts.tsx";
import { cleanPath } from "../project/paths.ts";
import { readHash, type SharedProject } from "../project/share.ts";
import { createProject, openProject } from "../project/workspace.ts";

/** The project of the link that was opened. */
export const shared = signal<SharedProject | null>(null);

/** Reads the address's hash, now and when it changes. */
export function startSharing(): void {
  const read = () => {
    readHash(location.hash).then(
      (found) => (shared.value = found === undefined ? null : checked(found)),
      () => notify("Cannot open the link: it contains no valid project", "error"),
    );
  };
  addEventListener("hashchange", read);
  read();
}

export function SharedProjectDialog({ project }: { readonly project: SharedProject }) {
  const close = () => {
    shared.value = null;
    history.replaceState(null, "", location.pathname);
  };
  const open = () => {
    openProject(
      createProject(project.name, project.files, { variables: project.variables, request: project.request }),
    );
    close();
  };
  return (
    <Dialog title="Shared project" onClose={close}>
      <p>
        This link contains <strong>{project.name || "a project without a name"}</strong> with{" "}
        {project.files.size} files:
      </p>
      <ul class="plain-list">
        {[...project.files.keys()].map((path) => (
          <li key={path}>
            <code>{path}</code>
          </li>
        ))}
      </ul>
      <p class="muted">
        Opening it makes a copy in this browser. Nothing is built or run until you press Build &amp; Deploy.
      </p>
      <p class="dialog-actions">
        <button type="button" class="button" onClick={close}>
          Cancel
        </button>
        <button type="button" class="button primary" autofocus onClick={open}>
          Open the project
        </button>
      </p>
    </Dialog>
  );
}

/** A link comes from a stranger: only what has the right form is kept. */
function checked({ name, files, variables, request }: SharedProject): SharedProject {
  const clean = [...files].flatMap(([path, content]) => {
    const cleaned = cleanPath(path);
    return "path" in cleaned && (typeof content === "string" || content instanceof Uint8Array)
      ? [[cleaned.path, content] as const]
      : [];
  });
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const wanted = Array.isArray(variables) ? variables : [];
  return {
    name: text(name).slice(0, 100),
    files: new Map(clean),
    variables: wanted
      .map((one) => ({
        name: text(one.name),
        label: text(one.label),
        default: text(one.default),
        file: text(one.file),
        secret: one.secret === true,
        value: text(one.value),
      }))
      .filter((one) => one.default !== ""),
    request: {
      method: text(request?.method) || "GET",
      path: text(request?.path) || "/",
      headers: text(request?.headers),
      body: text(request?.body),
    },
  };
}
