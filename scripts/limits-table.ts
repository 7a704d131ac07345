// The table of limits in docs/SPECIFICATION.md, from src/config/limits.ts. Prints it; with `--write`, puts it
// into the page.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTable } from "../bench/report/pages.ts";
import { type Limit, LIMITS } from "../src/config/limits.ts";

const SPECIFICATION = join(import.meta.dirname, "../docs/SPECIFICATION.md");
const KIB = 1024;
const MIB = 1024 * KIB;
const PAGE_BYTES = 64 * KIB;

/** The table as Markdown. */
export function limitsTable(): string {
  return [
    "<!-- prettier-ignore -->",
    "| limit | default | ceiling | what it limits | beyond it | why this default | tests |",
    "|---|---|---|---|---|---|---|",
    ...Object.entries(LIMITS).map(([name, limit]) => line(name, limit)),
  ].join("\n");
}

function line(name: string, { unit, summary, beyond, reason, tests, ...numbers }: Limit): string {
  const cells = [
    `\`${name}\``,
    show(numbers.default, unit),
    show(numbers.ceiling, unit),
    summary,
    beyond.replace(/TER_\w+/, (code) => `\`${code}\``),
    reason,
    tests.map((path) => `\`${path}\``).join(", "),
  ];
  return `| ${cells.join(" | ")} |`;
}

function show(value: number, unit: Limit["unit"]): string {
  if (unit === "pages") return `${(value * PAGE_BYTES) / MIB} MiB`;
  if (unit === "bytes") return value % MIB === 0 ? `${value / MIB} MiB` : `${value / KIB} KiB`;
  return value.toLocaleString("en-US") + (unit === "ms" ? " ms" : "");
}

if (import.meta.main) {
  if (process.argv[2] === "--write")
    writeFileSync(SPECIFICATION, withTable(readFileSync(SPECIFICATION, "utf8"), "limits", limitsTable()));
  else process.stdout.write(`${limitsTable()}\n`);
}
