// Jumping to a place in a file.
import { signal } from "@preact/signals";
import type { Place } from "../deploy/diagnostics.ts";
import { pane } from "../layout/view.ts";
import { openFile, project } from "../project/workspace.ts";

/** Where the editor shall go next; it sets null once it is there. */
export const wantedPlace = signal<Place | null>(null);

/** Opens the file at the place, if the project has it. */
export function jumpTo(place: Place): void {
  if (project.peek()?.files.has(place.path) !== true) return;
  openFile(place.path);
  pane.value = "editor";
  wantedPlace.value = place;
}
