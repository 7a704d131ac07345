// Short notices that go by themselves; screen readers hear them.
import { signal } from "@preact/signals";

const SHOWN_MS = 4000;

interface Toast {
  readonly key: number;
  readonly text: string;
  readonly kind: "info" | "error";
}

const toasts = signal<readonly Toast[]>([]);
let nextKey = 1;

/** Shows a notice for a few seconds. */
export function notify(text: string, kind: Toast["kind"] = "info"): void {
  const key = nextKey++;
  toasts.value = [...toasts.value.filter((toast) => toast.text !== text), { key, text, kind }];
  setTimeout(() => (toasts.value = toasts.value.filter((toast) => toast.key !== key)), SHOWN_MS);
}

/** Where notices appear. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ key, text, kind }) => <p key={key} class={`toast toast-${kind}`}>{text}</p>)}
    </div>
  );
}
