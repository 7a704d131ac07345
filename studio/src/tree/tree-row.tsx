// One row of the file tree, or the field in its place while its name is being written.
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { imageTypeOf } from "../project/paths.ts";
import type { Row } from "./rows.ts";

interface NameFieldProps {
  readonly label: string;
  readonly value: string;
  readonly level: number;
  readonly onDone: (value: string | null) => void;
}

/** The field for a new or other name; Escape gives up. */
export function NameField({ label, value, level, onDone }: NameFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const field = input.current;
    field?.focus();
    const name = value.lastIndexOf("/") + 1;
    const dot = value.indexOf(".", name);
    field?.setSelectionRange(name, dot === -1 ? value.length : dot);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Enter") onDone(input.current?.value ?? null);
    if (event.key === "Escape") onDone(null);
  };
  return (
    <div class="tree-name" style={{ paddingLeft: `${level * 14}px` }} role="none">
      <input
        ref={input}
        class="input"
        aria-label={label}
        defaultValue={value}
        spellcheck={false}
        autocomplete="off"
        onKeyDown={onKeyDown}
        onBlur={() => onDone(input.current?.value ?? null)}
      />
    </div>
  );
}

interface TreeRowProps {
  readonly row: Row;
  readonly isOpen: boolean;
  readonly isActive: boolean;
  readonly isCurrent: boolean;
  readonly onPress: () => void;
  readonly onFocus: () => void;
  readonly onRename: () => void;
  readonly onDropOn: (event: DragEvent) => void;
}

export function TreeRow({
  row,
  isOpen,
  isActive,
  isCurrent,
  onPress,
  onFocus,
  onRename,
  onDropOn,
}: TreeRowProps) {
  const icon = row.kind === "folder" ? "chevron" : imageTypeOf(row.path) !== undefined ? "image" : "file";
  return (
    <div
      id={rowId(row.path)}
      role="treeitem"
      class={`tree-row tree-${row.kind}`}
      style={{ paddingLeft: `${row.level * 14 - 6}px` }}
      aria-level={row.level}
      aria-selected={isActive}
      {...(row.kind === "folder" ? { "aria-expanded": isOpen } : {})}
      tabIndex={isCurrent ? 0 : -1}
      draggable
      title={row.path}
      onClick={onPress}
      onFocus={onFocus}
      onDblClick={row.kind === "file" ? onRename : undefined}
      onDragStart={(event) => event.dataTransfer?.setData("application/x-terrarium-path", row.path)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={onDropOn}
    >
      <Icon name={icon} size={14} />
      <span class="tree-label">{row.name}</span>
    </div>
  );
}

/** The id of a row's element. */
export function rowId(path: string): string {
  return `tree-${path}`;
}
