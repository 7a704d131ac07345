// Opens a URL with the system's own opener.
import { spawn } from "node:child_process";

/** Does nothing where there is no opener; the URL has been printed anyway. */
export function openInBrowser(url: string): void {
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  const child = spawn(opener, [url], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
