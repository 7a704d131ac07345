// Starts the page.
import { render } from "preact";
import { App } from "./app.tsx";
import { startDeployEffects } from "./deploy/effects.ts";
import { refreshLive, startClock } from "./deploy/lifetime.ts";
import { startKeys } from "./dialogs/commands.ts";
import { startSharing } from "./dialogs/shared-project-dialog.tsx";
import { startModule } from "./drawer/module.ts";
import { startLog } from "./drawer/log-stream.ts";
import { startStore } from "./drawer/store.ts";
import { startRecords } from "./inspector/records.ts";
import { loadEditor } from "./editor/editor-pane.tsx";
import { startView } from "./layout/view.ts";
import { flushSave, openLast } from "./project/workspace.ts";
import "./styles/index.css";

startView();
startKeys();
startClock();
startLog();
startStore();
startModule();
startRecords();
startDeployEffects();
startSharing();
addEventListener("pagehide", flushSave);
render(<App />, document.getElementById("studio") ?? document.body);
void openLast().then(refreshLive);
void loadEditor();
