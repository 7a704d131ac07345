// The bottom: build, problems, log, store, module.
import type { FunctionComponent } from "preact";
import { findings } from "../deploy/build.ts";
import { drawerOpen, type DrawerTab, drawerTab } from "../layout/view.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { panelProps, Tabs } from "../parts/tabs.tsx";
import { BuildView } from "./build-view.tsx";
import { ModuleView } from "./module-view.tsx";
import { LogsView } from "./logs-view.tsx";
import { ProblemsView } from "./problems-view.tsx";
import { StoreView } from "./store-view.tsx";

const VIEWS: Readonly<Record<DrawerTab, FunctionComponent>> = {
  build: BuildView,
  problems: ProblemsView,
  logs: LogsView,
  store: StoreView,
  module: ModuleView,
};

export function Drawer() {
  const count = findings.value.length;
  const View = VIEWS[drawerTab.value];
  const tabs = [
    { name: "build", label: "Build" },
    {
      name: "problems",
      label:
        count === 0 ? (
          "Problems"
        ) : (
          <>
            Problems <span class="badge">{count}</span>
          </>
        ),
    },
    { name: "logs", label: "Logs" },
    { name: "store", label: "Store" },
    { name: "module", label: "Module" },
  ] as const;
  const select = (tab: DrawerTab) => {
    drawerTab.value = tab;
    drawerOpen.value = true;
  };
  return (
    <section class="drawer" aria-label="Output">
      <header class="pane-header">
        <Tabs
          group="drawer"
          label="Output"
          tabs={tabs}
          active={drawerTab.value}
          onSelect={select}
          hasPanel={drawerOpen.value}
        />
        <IconButton
          icon="chevron"
          class={drawerOpen.value ? "turn-down" : "turn-up"}
          label={drawerOpen.value ? "Hide the output" : "Show the output"}
          onClick={() => (drawerOpen.value = !drawerOpen.value)}
        />
      </header>
      {drawerOpen.value && (
        <div class="drawer-body" {...panelProps("drawer", drawerTab.value)}>
          <View />
        </div>
      )}
    </section>
  );
}
