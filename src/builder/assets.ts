// Which files of a project are served unchanged, and under which paths.
import { ASSETS_FOLDER, isAsset, type ProjectFiles } from "../project/files.ts";
import type { ProjectManifest } from "./manifest.ts";

const INDEX_FILE = "index.html";

/**
 * The project's assets by URL path, percent-decoded: `assets/a b.css` is `/a b.css`. A folder's `index.html`
 * also answers for the folder: `/`, `/docs/`. `module` is the compiled module, for a project that publishes
 * it.
 */
export function assetsOf(
  files: ProjectFiles,
  manifest: ProjectManifest,
  module?: Uint8Array,
): Map<string, Uint8Array> {
  const assets = new Map<string, Uint8Array>();
  for (const [name, bytes] of files) {
    if (!isAsset(name)) continue;
    const path = name.slice(ASSETS_FOLDER.length - 1);
    assets.set(path, bytes);
    if (path.endsWith(`/${INDEX_FILE}`)) assets.set(path.slice(0, -INDEX_FILE.length), bytes);
  }
  const modulePath = manifest["publish-module"];
  if (modulePath !== undefined && module !== undefined) assets.set(modulePath, module);
  return assets;
}
