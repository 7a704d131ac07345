// One field over a list: commands, or files. Arrows choose, Enter takes.
import { useEffect, useRef, useState } from "preact/hooks";
import { pane } from "../layout/view.ts";
import { Dialog } from "../parts/dialog.tsx";
import { openFile, paths } from "../project/workspace.ts";
import { COMMANDS, keyText } from "./commands.ts";

interface Choice {
  readonly title: string;
  readonly hint: string;
  readonly run: () => unknown;
}

/** The palette of commands. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const offered = COMMANDS.filter(({ isOffered }) => isOffered?.() !== false);
  const choices = offered.map(({ title, key, run }) => ({
    title,
    hint: key === undefined ? "" : keyText(key),
    run,
  }));
  return <Palette title="Commands" placeholder="Type a command" choices={choices} onClose={onClose} />;
}

/** The palette of files. */
export function FilePalette({ onClose }: { readonly onClose: () => void }) {
  const open = (path: string) => {
    openFile(path);
    pane.value = "editor";
  };
  const choices = paths.value.map((path) => ({ title: path, hint: "", run: () => open(path) }));
  return <Palette title="Files" placeholder="Type a file name" choices={choices} onClose={onClose} />;
}

function Palette({
  title,
  placeholder,
  choices,
  onClose,
}: {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice[];
  readonly onClose: () => void;
}) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const found = choices.filter((choice) => matches(choice.title, text));
  const chosen = Math.min(at, found.length - 1);
  useEffect(() => list.current?.children[chosen]?.scrollIntoView({ block: "nearest" }), [chosen]);
  const take = (choice: Choice | undefined) => {
    onClose();
    // After the dialog has given the focus back.
    if (choice !== undefined) setTimeout(choice.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((chosen + step + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter") take(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={title} onClose={onClose} bare class="palette">
      <input
        class="input palette-field"
        role="combobox"
        aria-label={placeholder}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `choice-${chosen}` : undefined}
        placeholder={placeholder}
        autofocus
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id="palette-list" class="palette-list" role="listbox" aria-label={title} ref={list}>
        {found.map((choice, index) => (
          <li
            key={choice.title}
            id={`choice-${index}`}
            role="option"
            class="choice"
            aria-selected={index === chosen}
            onClick={() => take(choice)}
          >
            <span>{choice.title}</span>
            {choice.hint !== "" && <kbd>{choice.hint}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="empty">No matches.</p>}
    </Dialog>
  );
}

/** True if the letters of the text appear in the title in this order. */
function matches(title: string, text: string): boolean {
  let at = 0;
  const lower = title.toLowerCase();
  for (const letter of text.toLowerCase().replaceAll(" ", "")) {
    at = lower.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
