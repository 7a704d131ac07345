// Ids and names that become host names, file names and keys.
import type { DeploymentId } from "./types.ts";

/** Whether a text is one label of a host name: lower-case letters, digits and hyphens, at most 63. */
export function isDnsLabel(text: string): text is DeploymentId {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}
