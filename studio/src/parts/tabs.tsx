// A tab list with its panels' ids, by the pattern of the ARIA authoring practices: arrows move, Home and End
// jump.
import type { ComponentChildren } from "preact";

/** One tab. */
interface Tab<Name extends string> {
  readonly name: Name;
  readonly label: ComponentChildren;
}

interface Props<Name extends string> {
  /** Begins the ids of tabs and panels. */
  readonly group: string;
  readonly label: string;
  readonly tabs: readonly Tab<Name>[];
  readonly active: Name;
  readonly onSelect: (name: Name) => void;
  /** False while the panel is folded away. */
  readonly hasPanel?: boolean;
}

export function Tabs<Name extends string>({
  group,
  label,
  tabs,
  active,
  onSelect,
  hasPanel = true,
}: Props<Name>) {
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ name }) => name === active);
    const to = nextIndex(event.key, at, tabs.length);
    const next = to === undefined ? undefined : tabs[to];
    if (next === undefined) return;
    event.preventDefault();
    onSelect(next.name);
    document.getElementById(`${group}-tab-${next.name}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map(({ name, label: text }) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`${group}-tab-${name}`}
          class="tab"
          aria-selected={name === active}
          aria-controls={name === active && hasPanel ? `${group}-panel` : undefined}
          tabIndex={name === active ? 0 : -1}
          onClick={() => onSelect(name)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

/** What a panel of the group must carry. */
export function panelProps(group: string, active: string) {
  return {
    id: `${group}-panel`,
    role: "tabpanel",
    "aria-labelledby": `${group}-tab-${active}`,
    tabIndex: 0,
  } as const;
}

/** Where an arrow, Home or End leads from a position in a list of that length. */
export function nextIndex(key: string, at: number, length: number): number | undefined {
  if (key === "ArrowRight" || key === "ArrowDown") return (at + 1) % length;
  if (key === "ArrowLeft" || key === "ArrowUp") return (at - 1 + length) % length;
  if (key === "Home") return 0;
  return key === "End" ? length - 1 : undefined;
}
