// A modal dialog on the browser's own: it keeps the focus, gives it back, and closes on Escape.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { IconButton } from "./icon-button.tsx";

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly class?: string;
  /** Without a title bar: the palette. */
  readonly bare?: boolean;
}

export function Dialog({ title, onClose, children, class: extra = "", bare = false }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const onBackdrop = (event: MouseEvent) => {
    if (event.target === element.current) onClose();
  };
  return (
    <dialog ref={element} class={`dialog ${extra}`} aria-label={title} onClose={onClose} onClick={onBackdrop}>
      <div class="dialog-body">
        {!bare && (
          <header class="dialog-header">
            <h2>{title}</h2>
            <IconButton icon="close" label="Close" onClick={onClose} />
          </header>
        )}
        {children}
      </div>
    </dialog>
  );
}
