// The version of this package.
import { readFileSync } from "node:fs";

/** From package.json, two folders up both in a checkout and in a package. */
export function terrariumVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
