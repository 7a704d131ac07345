// A project, the way all parts of the platform pass it on.

/** A project as it was uploaded: clean relative names with forward slashes, regular files only. */
export type ProjectFiles = ReadonlyMap<string, Uint8Array>;

/** Folder whose files are served unchanged. */
export const ASSETS_FOLDER = "assets/";

/** True for files under `assets/`: served, never compiled. */
export function isAsset(name: string): boolean {
  return name.startsWith(ASSETS_FOLDER);
}
