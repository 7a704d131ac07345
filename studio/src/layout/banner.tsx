// One line over everything while something is wrong that concerns the whole page.
import { connection, disconnected } from "../api/connection.ts";
import { saveState } from "../project/workspace.ts";

export function Banner() {
  if (disconnected.value) {
    return (
      <div class="banner" role="alert">
        The server does not respond. It may be restarting, or the network is down. Your work is saved in this
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
        Your work is not saved: this browser's storage is full or disabled. Download the project before you
        leave.
      </div>
    );
  return null;
}
