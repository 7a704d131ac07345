// What the keys do.
import { Dialog } from "../parts/dialog.tsx";
import { COMMANDS, keyText } from "./commands.ts";

const OTHERS = [
  ["Esc, then Tab", "Leave the editor"],
  ["Ctrl F", "Find in the file"],
  ["F2", "Rename or move the file (in the tree)"],
  ["Delete", "Delete the file (in the tree), close the tab (in the tabs)"],
  ["Ctrl Z", "Undo a delete while its notice shows (in the tree)"],
  ["Arrows", "Move in the tree, in tabs, and the focused splitter"],
  ["?", "Show this list"],
] as const;

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const keyed = COMMANDS.flatMap(({ title, key }) =>
    key === undefined ? [] : [[keyText(key), title] as const],
  );
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl class="keys">
        {[...keyed, ...OTHERS].map(([key, text]) => (
          <div key={key + text}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">Everything else is in the palette: {keyText("k")}.</p>
    </Dialog>
  );
}
