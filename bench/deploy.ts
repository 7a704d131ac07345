// From an edit to the new build's live URL, by the command: its start, packing, build, check, native code,
// health. Warm means that the language was built once before. `npm run bench -- deploy [rounds]`.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Platform, temporaryFolder, terrarium } from "../tests/e2e/platform.ts";
import { median, type Row, showNumber, loadText } from "./report/figure.ts";
import { publish } from "./report/publish.ts";

const [rounds = 7] = process.argv.slice(2).map(Number);
const TEMPLATES = join(import.meta.dirname, "../templates");

/** Template, the file that is edited, a comment in its language, bars of a warm deploy and of the first. */
const CASES = [
  { template: "empty-wat", file: "src/main.wat", comment: ";;", warm: "deployWat", first: null },
  {
    template: "empty-assemblyscript",
    file: "assembly/index.ts",
    comment: "//",
    warm: "deployAssemblyScript",
    first: null,
  },
  { template: "empty-c", file: "src/main.c", comment: "//", warm: "deployC", first: "firstDeployC" },
  { template: "empty-rust", file: "src/lib.rs", comment: "//", warm: "deployRust", first: "firstDeployRust" },
  { template: "weather", file: "src/lib.rs", comment: "//", warm: "deployRust", first: null },
] as const;

// The crates are prepared once on a machine, not for a deploy.
const prepared = await terrarium(["doctor", "--fix"]);
if (!prepared.stdout.includes("Rust crates")) throw new Error(prepared.stdout + prepared.stderr);
using folder = temporaryFolder();
await using platform = await Platform.start(join(folder.path, "data"), ["--log-level", "silent"]);
const rows: Row[] = [];
const languages = new Set<string>();
for (const { template, file, comment, warm, first } of CASES) {
  const project = join(folder.path, template);
  cpSync(join(TEMPLATES, template), project, { recursive: true });
  const seconds: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    writeFileSync(
      join(project, file),
      `${readFileSync(join(project, file), "utf8")}\n${comment} edit ${round}\n`,
    );
    seconds.push(await deploySeconds(project));
  }
  const [cold = Number.NaN, ...others] = seconds;
  rows.push({
    what: `${template}: edit to live, warm`,
    value: median(others),
    unit: "s",
    bar: warm,
    note: others.map(showNumber).join(", "),
  });
  const language = file.split(".").at(-1) ?? "";
  if (languages.has(language)) continue;
  languages.add(language);
  rows.push({
    what: `${template}: first deploy of its language`,
    value: cold,
    unit: "s",
    ...(first === null ? {} : { bar: first }),
  });
}
for (const { what, value } of rows) console.log(`${what}: ${value?.toFixed(2)} s`);
publish({
  name: "deploy",
  title: "Edit to live, by the command",
  command: "npm run bench -- deploy",
  method:
    `\`terrarium deploy\` of an edited template, from the start of the ` +
    `command to its end, ${rounds} rounds, median. ${loadText()}`,
  rows,
});

async function deploySeconds(project: string): Promise<number> {
  const startedMs = performance.now();
  const { code, stderr } = await terrarium(["deploy", project, "--server", platform.ready.url, "--json"]);
  if (code !== 0) throw new Error(stderr);
  return (performance.now() - startedMs) / 1000;
}
