// Whether the server answers. While it does not, it is asked every few seconds; the page shows a banner
// meanwhile.
import { signal } from "@preact/signals";

const ASK_EVERY_MS = 2000;

/** True while the server does not answer. */
export const disconnected = signal(false);

const returned = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Told by every call. */
export const connection = {
  lost(): void {
    disconnected.value = true;
    timer ??= setTimeout(ask, ASK_EVERY_MS);
  },
  found(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!disconnected.value) return;
    disconnected.value = false;
    for (const listener of returned) listener();
  },
  /** Asks at once. */
  ask,
  /** Told when the server answers again. */
  onReturn(listener: () => void): void {
    returned.add(listener);
  },
};

function ask(): void {
  clearTimeout(timer);
  timer = undefined;
  fetch("/api/v1/server", { cache: "no-store" }).then(
    (response) => (response.ok ? connection.found() : connection.lost()),
    () => connection.lost(),
  );
}
