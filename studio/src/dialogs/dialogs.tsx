// The dialog that is open, if any.
import { tokenWanted } from "../deploy/tokens.ts";
import { dialog } from "../layout/view.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Gallery } from "./gallery.tsx";
import { KeysDialog } from "./keys-dialog.tsx";
import { CommandPalette, FilePalette } from "./palette.tsx";
import { ShareDialog } from "./share-dialog.tsx";
import { shared, SharedProjectDialog } from "./shared-project-dialog.tsx";
import { TokenDialog } from "./token-dialog.tsx";

export function Dialogs() {
  if (shared.value !== null) return <SharedProjectDialog project={shared.value} />;
  if (tokenWanted.value) return <TokenDialog />;
  const name = dialog.value;
  const close = () => {
    if (dialog.peek() === name) dialog.value = null;
  };
  switch (name) {
    case "gallery":
      return (
        <Dialog title="Start a project" onClose={close} class="wide">
          <Gallery onOpened={close} />
        </Dialog>
      );
    case "palette":
      return <CommandPalette onClose={close} />;
    case "files":
      return <FilePalette onClose={close} />;
    case "keys":
      return <KeysDialog onClose={close} />;
    case "share":
      return <ShareDialog onClose={close} />;
    case null:
      return null;
  }
}
