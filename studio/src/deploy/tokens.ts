// The token that servers open to others may want for a deploy. Projects in this browser, never in a project.
import { signal } from "@preact/signals";

const KEY = "terrarium.deploy-token";

export const deployToken = signal<string | null>(localStorage.getItem(KEY));
/** True while the page asks for it. */
export const tokenWanted = signal(false);

/** Keeps the token; an empty one is forgotten. */
export function setDeployToken(token: string): void {
  deployToken.value = token === "" ? null : token;
  if (token === "") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, token);
  tokenWanted.value = false;
}
