// The path that the preview shows.
import { signal } from "@preact/signals";

export const previewPath = signal("/");

/** Sets it; always a path of the deployment's own origin. */
export function setPreviewPath(text: string): void {
  const path = text.trim().replace(/^[\\/]*/, "/");
  previewPath.value = path;
}
