// A project as every part of the platform passes it on.

/** A project as it was uploaded: clean relative names with forward slashes, regular files only. */
export type ProjectFiles = ReadonlyMap<string, Uint8Array>;

/** Folder whose files are served as they are. */
export const ASSETS_FOLDER = "assets/";

/** True for files under `assets/`: served, never compiled. */
export function isAsset(name: string): boolean {
  return name.startsWith(ASSETS_FOLDER);
}
