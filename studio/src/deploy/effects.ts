// What the page shows when a build begins and when it ends.
import { effect } from "@preact/signals";
import { narrow, pane, showDrawer } from "../layout/view.ts";
import { previewPath } from "../preview/path.ts";
import { project } from "../project/workspace.ts";
import { build, findings } from "./build.ts";

/** To be called once. */
export function startDeployEffects(): void {
  let status: string | undefined;
  effect(() => {
    const next = build.value?.status;
    if (next === status) return;
    status = next;
    if (next === "running") showDrawer("build");
    if (next === "failed") showDrawer(findings.peek().length > 0 ? "problems" : "build");
    if (next === "live" && narrow.peek()) pane.value = "side";
  });
  let opened: string | undefined;
  effect(() => {
    const id = project.value?.id;
    if (id === opened) return;
    opened = id;
    previewPath.value = "/";
    build.value = null;
    pane.value = "editor";
  });
}
