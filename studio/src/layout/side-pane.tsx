// The right side: the running program seen from outside and from inside.
import { InspectorPane } from "../inspector/inspector-pane.tsx";
import { panelProps, Tabs } from "../parts/tabs.tsx";
import { PreviewPane } from "../preview/preview-pane.tsx";
import { RequestPane } from "../request/request-pane.tsx";
import { sideTab } from "./view.ts";

const TABS = [
  { name: "preview", label: "Preview" },
  { name: "request", label: "Request" },
  { name: "inspector", label: "Inspector" },
] as const;

export function SidePane() {
  const active = sideTab.value;
  return (
    <section class="side-pane" aria-label="Running program">
      <header class="pane-header">
        <Tabs
          group="side"
          label="Running program"
          tabs={TABS}
          active={active}
          onSelect={(tab) => (sideTab.value = tab)}
        />
      </header>
      <div class="side-body" {...panelProps("side", active)}>
        {active === "preview" ? <PreviewPane /> : active === "request" ? <RequestPane /> : <InspectorPane />}
      </div>
    </section>
  );
}
