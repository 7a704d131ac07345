// Opens a URL in the default browser.
import { spawn } from "node:child_process";

/** Does nothing if that is not possible; the URL has been printed anyway. */
export function openInBrowser(url: string): void {
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  const child = spawn(opener, [url], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
