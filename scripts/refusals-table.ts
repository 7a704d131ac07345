// docs/reference/refusals.md, from the tables that tests/e2e/refusals.test.ts tries word for word. Prints the
// page; with `--write`, writes it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { LIMITS } from "../tests/refusals/case.ts";
import { DEPLOY_CASES } from "../tests/refusals/deploy-cases.ts";
import { REQUEST_CASES } from "../tests/refusals/request-cases.ts";
import { RUN_CASES } from "../tests/refusals/run-cases.ts";

/** Where the page lies, from the project's root. */
export const REFUSALS_PAGE = "docs/reference/refusals.md";

const HEAD = `# What bad inputs get

Made by \`node bin/node26.mjs scripts/refusals-table.ts --write\` from the tables in \`tests/refusals/\`, each row of which
\`tests/e2e/refusals.test.ts\` tries against a running platform, word for word. Of longer messages the first line is shown.

So that small inputs reach them, the limits are lower there than by default (\`terrarium limits\`):
${Object.entries(LIMITS)
  .map(([name, value]) => `\`${name}=${value}\``)
  .join(", ")}.`;

/** The whole page as Markdown. */
export function refusalsPage(): string {
  const deploys = Object.entries(DEPLOY_CASES).map(([title, cases]) =>
    table(
      title,
      ["input", "code", "message"],
      cases.map(({ input, code, message, place }) => [
        input,
        quoted(code),
        place === undefined ? message : `${message} … ${place}`,
      ]),
    ),
  );
  const runs = Object.entries(RUN_CASES).map(([title, cases]) =>
    table(
      title,
      ["the program", "status", "code", "answer"],
      cases.map(({ input, gets, answers = 200 }) =>
        typeof gets === "string"
          ? [input, String(answers), "", gets]
          : [input, String(gets.status), quoted(gets.code), gets.message],
      ),
    ),
  );
  const requests = table(
    "Requests",
    ["input", "status", "code", "answer"],
    REQUEST_CASES.map(({ input, status, code, message }) => [input, String(status), quoted(code), message]),
  );
  return [
    HEAD,
    "## At deploy\n\n`POST /deploy` and `GET /status/<id>` answer 200; the message " +
      "is that of the status, with `success: false`. The code is the\ndeployment's " +
      "`errorCode`, or that of the API's answer where nothing was stored.",
    ...deploys,
    "## At run time\n\nA fault ends the program and becomes the " +
      "response; the code is its header `x-terrarium-error`.",
    ...runs,
    "## Before a program runs",
    requests,
  ]
    .join("\n\n")
    .concat("\n");
}

function table(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [`### ${title}\n`, line(columns), `|${"---|".repeat(columns.length)}`, ...rows.map(line)].join("\n");
}

function quoted(code: string | undefined): string {
  return code === undefined ? "" : `\`${code}\``;
}

if (import.meta.main) {
  if (process.argv[2] === "--write")
    writeFileSync(join(import.meta.dirname, "..", REFUSALS_PAGE), refusalsPage());
  else process.stdout.write(refusalsPage());
}
