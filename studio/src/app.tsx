// The page: header, tree, editor, right side, output; the gallery until a project is open.
import { Dialogs } from "./dialogs/dialogs.tsx";
import { Gallery } from "./dialogs/gallery.tsx";
import { Drawer } from "./drawer/drawer.tsx";
import { EditorPane } from "./editor/editor-pane.tsx";
import { Header } from "./header/header.tsx";
import { Banner } from "./layout/banner.tsx";
import { PaneBar } from "./layout/pane-bar.tsx";
import { SidePane } from "./layout/side-pane.tsx";
import { VariablesPanel } from "./layout/variables-panel.tsx";
import { drawerHeight, drawerOpen, narrow, pane, sideWidth, treeWidth } from "./layout/view.ts";
import { Splitter } from "./parts/splitter.tsx";
import { Toasts } from "./parts/toasts.tsx";
import { project } from "./project/workspace.ts";
import { FileTree } from "./tree/file-tree.tsx";

export function App() {
  return (
    <>
      <Banner />
      <Header />
      {project.value === undefined ? (
        <main class="starting" />
      ) : project.value === null ? (
        <Welcome />
      ) : (
        <Workbench />
      )}
      <Dialogs />
      <Toasts />
    </>
  );
}

function Welcome() {
  return (
    <main class="welcome">
      <h1>Start a project</h1>
      <Gallery onOpened={() => {}} />
    </main>
  );
}

function Workbench() {
  const sizes = {
    "--tree-width": `${treeWidth.value}px`,
    "--side-width": `${sideWidth.value}px`,
    "--drawer-height": drawerOpen.value ? `${drawerHeight.value}px` : "auto",
  };
  return (
    <main class="workbench" data-pane={pane.value} style={sizes}>
      <h1 class="visually-hidden">Terrarium Studio</h1>
      <div class="left">
        <FileTree />
        <VariablesPanel />
      </div>
      {!narrow.value && (
        <Splitter
          label="Width of the files"
          size={treeWidth}
          min={140}
          max={420}
          standard={208}
          orientation="vertical"
          class="split-left"
        />
      )}
      <div class="centre">
        <EditorPane />
        {!narrow.value && drawerOpen.value && (
          <Splitter
            label="Height of the output"
            size={drawerHeight}
            min={96}
            max={640}
            standard={240}
            orientation="horizontal"
            reversed
            class="split-drawer"
          />
        )}
        <Drawer />
      </div>
      {!narrow.value && (
        <Splitter
          label="Width of the preview"
          size={sideWidth}
          min={260}
          max={900}
          standard={440}
          orientation="vertical"
          reversed
          class="split-right"
        />
      )}
      <SidePane />
      <PaneBar />
    </main>
  );
}
