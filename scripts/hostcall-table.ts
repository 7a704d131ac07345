// The README's table of hostcalls by guest language, from what tests/hostcalls.test.ts covers. Prints it; with `--write FILE`, puts it
// between the file's lines `<!-- hostcalls -->` and `<!-- /hostcalls -->`.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOSTCALLS } from "../src/abi/index.ts";
import { COVERAGE, GUEST_FILES, GUEST_LANGUAGES } from "../tests/hostcalls/coverage.ts";

const BETWEEN = /(<!-- hostcalls -->\n)[^]*?(<!-- \/hostcalls -->)/;
const root = join(import.meta.dirname, "..");

/** The table as Markdown, each cell a link to the guest that calls the hostcall. */
export function hostcallTable(): string {
  const rows = Object.keys(HOSTCALLS).map(
    (name) =>
      `| \`${name}\` | ${GUEST_LANGUAGES.map((language) => cell(name, GUEST_FILES[language])).join(" | ")} |`,
  );
  return [
    `| hostcall | ${GUEST_LANGUAGES.join(" | ")} |`,
    `|---|${GUEST_LANGUAGES.map(() => "---|").join("")}`,
    ...rows,
  ].join("\n");
}

/** The text with the table between its markers; unchanged without markers. */
export function withHostcallTable(text: string): string {
  return text.replace(
    BETWEEN,
    (_, open: string, close: string) => `${open}\n<!-- prettier-ignore -->\n${hostcallTable()}\n\n${close}`,
  );
}

function cell(name: string, file: string): string {
  const features = Object.entries(COVERAGE)
    .filter(([, names]) => (names as readonly string[]).includes(name))
    .map(([feature]) => feature);
  const guests = features
    .map((feature) => `tests/guests/${feature}/${file}`)
    .filter((path) => existsSync(join(root, path)));
  return guests.length === 0 ? "" : guests.map((path) => `[tested](${path})`).join(", ");
}

if (import.meta.main) {
  const file = process.argv[2] === "--write" ? process.argv[3] : undefined;
  if (file === undefined) process.stdout.write(`${hostcallTable()}\n`);
  else writeFileSync(file, withHostcallTable(readFileSync(file, "utf8")));
}
