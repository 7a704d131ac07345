// Short notices that go by themselves; screen readers hear them. One that offers to undo something stays
// longer, and for as long as it has the focus or the pointer.
import { signal } from "@preact/signals";

const SHOWN_MS = 4000;
const OFFERED_MS = 20_000;

interface Toast {
  readonly key: number;
  readonly text: string;
  readonly kind: "info" | "error";
  readonly undo: (() => void) | null;
}

const toasts = signal<readonly Toast[]>([]);
let nextKey = 1;
const timers = new Map<number, ReturnType<typeof setTimeout>>();

/** Shows a notice for a few seconds. */
export function notify(text: string, kind: Toast["kind"] = "info"): void {
  show({ key: nextKey++, text, kind, undo: null });
}

/** Shows a notice with a button that takes back what it tells. There is one at a time. */
export function notifyWithUndo(text: string, undo: () => void): void {
  for (const toast of toasts.peek()) if (toast.undo !== null) hide(toast.key);
  show({ key: nextKey++, text, kind: "info", undo });
}

/** Takes back what the notice on the screen tells, if one offers it. */
export function undoLast(): void {
  const offer = toasts.peek().find(({ undo }) => undo !== null);
  if (offer === undefined) return;
  hide(offer.key);
  offer.undo?.();
}

/** Where notices appear. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <Notice key={toast.key} toast={toast} />
      ))}
    </div>
  );
}

function Notice({ toast }: { readonly toast: Toast }) {
  const { key, text, kind, undo } = toast;
  if (undo === null) return <p class={`toast toast-${kind}`}>{text}</p>;
  const [stay, goOn] = [() => stop(key), () => start(toast)];
  return (
    <p
      class="toast toast-offer"
      onMouseEnter={stay}
      onMouseLeave={goOn}
      onFocusCapture={stay}
      onBlurCapture={goOn}
    >
      {text}{" "}
      <button type="button" class="toast-undo" onClick={undoLast}>
        Undo
      </button>
    </p>
  );
}

function show(toast: Toast): void {
  toasts.value = [...toasts.peek().filter(({ text }) => text !== toast.text), toast];
  start(toast);
}

function hide(key: number): void {
  stop(key);
  toasts.value = toasts.peek().filter((toast) => toast.key !== key);
}

function start({ key, undo }: Toast): void {
  stop(key);
  timers.set(
    key,
    setTimeout(() => hide(key), undo === null ? SHOWN_MS : OFFERED_MS),
  );
}

function stop(key: number): void {
  clearTimeout(timers.get(key));
  timers.delete(key);
}
