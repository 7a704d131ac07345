// The state of the layout: panes, sizes, theme, open dialog. Projects in this browser.
import { effect, signal, type Signal } from "@preact/signals";

export type SideTab = "preview" | "request" | "inspector";
export type DrawerTab = "build" | "problems" | "logs" | "store" | "module";
/** The one pane that small screens show. */
export type Pane = "files" | "editor" | "side" | "drawer";
export type Theme = "system" | "light" | "dark";
export type DialogName = "gallery" | "palette" | "files" | "keys" | "share" | null;

const PREFIX = "terrarium.view.";

export const sideTab = kept<SideTab>("side", "preview");
export const drawerTab = kept<DrawerTab>("drawer", "build");
export const drawerOpen = kept<boolean>("drawer-open", false);
export const treeWidth = kept("tree", 208);
export const sideWidth = kept("side-width", 440);
export const drawerHeight = kept("drawer-height", 240);
export const theme = kept<Theme>("theme", "system");
export const pane = signal<Pane>("editor");
export const dialog = signal<DialogName>(null);
/** True where one pane fills the screen. */
export const narrow = signal(false);

/** Shows a tab of the drawer. */
export function showDrawer(tab: DrawerTab): void {
  drawerTab.value = tab;
  drawerOpen.value = true;
  pane.value = "drawer";
}

/** Shows a tab of the right side. */
export function showSide(tab: SideTab): void {
  sideTab.value = tab;
  pane.value = "side";
}

/** Follows the system's theme and the window's width. To be called once. */
export function startView(): void {
  const small = matchMedia("(max-width: 820px)");
  narrow.value = small.matches;
  small.addEventListener("change", () => (narrow.value = small.matches));
  effect(() => {
    if (theme.value === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme.value;
  });
}

/** True if the page is dark now. */
export function isDark(): boolean {
  return (
    theme.value === "dark" || (theme.value === "system" && matchMedia("(prefers-color-scheme: dark)").matches)
  );
}

function kept<T extends string | number | boolean>(name: string, standard: T): Signal<T> {
  const stored = localStorage.getItem(PREFIX + name);
  const value = signal<T>(stored === null ? standard : (JSON.parse(stored) as T));
  value.subscribe((now) => localStorage.setItem(PREFIX + name, JSON.stringify(now)));
  return value;
}
