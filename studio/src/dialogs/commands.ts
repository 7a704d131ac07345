// Everything that can be done by a command, with its keys: one list for the palette, the help and the
// keyboard.
import { buildAndDeploy } from "../deploy/build.ts";
import { expired, extend, live } from "../deploy/lifetime.ts";
import { copyText } from "../parts/copy-button.tsx";
import { dialog, drawerOpen, isDark, pane, showDrawer, showSide, theme } from "../layout/view.ts";
import { notify } from "../parts/toasts.tsx";
import { flushSave, project } from "../project/workspace.ts";
import { beginNewFile, downloadProject } from "../tree/file-tree.tsx";
import { chooseFiles } from "../tree/uploads.ts";

/** One command. */
export interface Command {
  readonly title: string;
  /** As `KeyboardEvent.key`; with Ctrl or Cmd. */
  readonly key?: string;
  readonly run: () => unknown;
  readonly isOffered?: () => boolean;
}

const hasProject = () => project.peek() != null;
const isLive = () => live.peek() !== null && !expired.peek();

export const COMMANDS: readonly Command[] = [
  { title: "Build & Deploy", key: "Enter", run: () => buildAndDeploy(), isOffered: hasProject },
  { title: "Save in this browser", key: "s", run: save, isOffered: hasProject },
  { title: "Go to file", key: "p", run: () => (dialog.value = "files"), isOffered: hasProject },
  { title: "Command palette", key: "k", run: () => (dialog.value = "palette") },
  { title: "Templates and projects", run: () => (dialog.value = "gallery") },
  { title: "New file", run: beginNewFile, isOffered: hasProject },
  { title: "Upload files", run: () => chooseFiles(""), isOffered: hasProject },
  { title: "Download the project as tar", run: downloadProject, isOffered: hasProject },
  { title: "Share by link", run: () => (dialog.value = "share"), isOffered: hasProject },
  {
    title: "Copy the live URL",
    run: () => copyText(live.peek()?.url ?? "", "URL copied"),
    isOffered: isLive,
  },
  { title: "Extend by 5 minutes", run: () => extend(), isOffered: isLive },
  { title: "Show the editor", run: () => (pane.value = "editor") },
  { title: "Show the files", run: () => (pane.value = "files") },
  { title: "Show the preview", run: () => showSide("preview") },
  { title: "Show the request", run: () => showSide("request") },
  { title: "Show the inspector", run: () => showSide("inspector") },
  { title: "Show the build", run: () => showDrawer("build") },
  { title: "Show problems", run: () => showDrawer("problems") },
  { title: "Show the log", run: () => showDrawer("logs") },
  { title: "Show the store", run: () => showDrawer("store") },
  { title: "Show the module", run: () => showDrawer("module") },
  { title: "Hide or show the output", run: () => (drawerOpen.value = !drawerOpen.value) },
  { title: "Switch between light and dark", run: () => (theme.value = isDark() ? "light" : "dark") },
  { title: "System theme", run: () => (theme.value = "system") },
  { title: "Keyboard shortcuts", run: () => (dialog.value = "keys") },
];

/** Listens for the keys of the commands, anywhere in the page. To be called once. */
export function startKeys(): void {
  addEventListener(
    "keydown",
    (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        const command = COMMANDS.find(
          ({ key }) => key === (event.key.length === 1 ? event.key.toLowerCase() : event.key),
        );
        if (command === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        if (command.isOffered?.() !== false) command.run();
      } else if (event.key === "?" && !isTyping(event.target)) {
        event.preventDefault();
        dialog.value = "keys";
      }
    },
    { capture: true },
  );
}

/** How a key is written on this machine. */
export function keyText(key: string): string {
  const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
  return `${isApple ? "⌘" : "Ctrl"} ${key === "Enter" ? "↵" : key.toUpperCase()}`;
}

function save(): void {
  flushSave();
  notify("Saved in this browser");
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
