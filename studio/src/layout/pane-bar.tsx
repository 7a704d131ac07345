// Small screens show one pane at a time; this bar chooses which.
import { narrow, type Pane, pane } from "./view.ts";
import { Icon, type IconName } from "../parts/icon.tsx";

const PANES: readonly (readonly [name: Pane, label: string, icon: IconName])[] = [
  ["files", "Files", "list"],
  ["editor", "Editor", "code"],
  ["side", "Preview", "eye"],
  ["drawer", "Output", "file"],
];

export function PaneBar() {
  if (!narrow.value) return null;
  return (
    <nav class="pane-bar" aria-label="Panes">
      {PANES.map(([name, label, icon]) => (
        <button
          key={name}
          type="button"
          class="pane-choice"
          aria-current={pane.value === name}
          onClick={() => (pane.value = name)}
        >
          <Icon name={icon} /> {label}
        </button>
      ))}
    </nav>
  );
}
