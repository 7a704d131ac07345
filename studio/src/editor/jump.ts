// Jumping to a location in a file.
import { signal } from "@preact/signals";
import type { SourceLocation } from "../deploy/diagnostics.ts";
import { pane } from "../layout/view.ts";
import { openFile, project } from "../project/workspace.ts";

/** Where the editor shall go next; it sets null once it is there. */
export const wantedLocation = signal<SourceLocation | null>(null);

/** Opens the file at the location, if the project has it. */
export function jumpTo(location: SourceLocation): void {
  if (project.peek()?.files.has(location.path) !== true) return;
  openFile(location.path);
  pane.value = "editor";
  wantedLocation.value = location;
}
