// Copies a text and says that it did.
import { IconButton } from "./icon-button.tsx";
import { notify } from "./toasts.tsx";

export function CopyButton({
  text,
  label,
  done = "Copied",
}: {
  readonly text: () => string;
  readonly label: string;
  readonly done?: string;
}) {
  return <IconButton icon="copy" label={label} onClick={() => void copyText(text(), done)} />;
}

/** Puts a text on the clipboard. */
export async function copyText(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(done);
  } catch {
    notify("The browser blocked copying", "error");
  }
}
