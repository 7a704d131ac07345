// One line over everything while something is wrong that concerns the whole page.
import { connection, disconnected } from "../api/connection.ts";
import { saveState } from "../project/workspace.ts";

export function Banner() {
  if (disconnected.value) {
    return (
      <div class="banner" role="alert">
        The server does not answer: it may be restarting, or the network is gone. Your work is safe in this
        browser.
        <button type="button" class="button small" onClick={connection.ask}>
          Try now
        </button>
      </div>
    );
  }
  if (saveState.value === "failed")
    return (
      <div class="banner" role="alert">
        This browser does not keep your work: its storage is full or off. Download the project before you
        leave.
      </div>
    );
  return null;
}
