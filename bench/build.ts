// How long builds take: for each language the first one of a fresh process, then edits of one file in a warm
// one. Run: `npm run bench -- build [template folder ...]`. The build cache is out of the way: every build
// differs.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Builder, createBuilder } from "../src/builder/index.ts";
import { type ProjectFiles, readFolder } from "../src/project/index.ts";
import { DEFAULT_LIMITS } from "../src/config/index.ts";
import type { BarName } from "./bars.ts";
import type { Row } from "./report/figure.ts";
import { publish } from "./report/publish.ts";

const WARM_BUILDS = 15;
/** Bars of docs/SPECIFICATION.md from file saved to answer; the build is the larger part of it. */
const WARM_BARS: Readonly<Record<string, BarName>> = {
  WAT: "buildWat",
  AssemblyScript: "buildAssemblyScript",
  C: "buildC",
};
const rows: Row[] = [];
const LARGE_FUNCTION = `  (func (type 0)\n${"    i32.const 12345\n    drop\n".repeat(120)}  )\n`;
const ENTRIES = ["src/main.wat", "src/main.c", "assembly/index.ts"];

const SMALL: Readonly<Record<string, ProjectFiles>> = {
  WAT: projectOf("src/main.wat", '(module (func (export "run")))'),
  AssemblyScript: projectOf(
    "assembly/index.ts",
    'import { Request, Response, run_user } from "./http_guest";\nexport function run(): void ' +
      "{\n  run_user((request: Request): Response => {\n    const response = new Response();\n    " +
      'response.body_string = "Hello, " + request.url;\n    return response;\n  });\n}\n',
  ),
  C: projectOf(
    "src/main.c",
    '#include "http_hostcalls.h"\n#include <stdio.h>\nvoid run(void) { ' +
      'puts("hello"); hostcall_resp_set_body(RESPONSE_OUTGOING, "hello", 5); }\n',
  ),
};

function projectOf(name: string, text: string): ProjectFiles {
  return new Map([[name, Buffer.from(text)]]);
}

/** The project with a comment at the end of its entry file. */
function edit(files: ProjectFiles, text: string): ProjectFiles {
  const entry =
    ENTRIES.find((name) => files.has(name)) ?? [...files.keys()].find((name) => name.endsWith(".c")) ?? "";
  const comment = entry.endsWith(".wat") ? `\n;; ${text}\n` : `\n// ${text}\n`;
  return new Map([
    ...files,
    [entry, Buffer.concat([files.get(entry) ?? new Uint8Array(), Buffer.from(comment)])],
  ]);
}

async function time(builder: Builder, files: ProjectFiles): Promise<{ ms: number; bytes: number }> {
  const start = performance.now();
  const { wasm, cached } = await builder.build(files, { hint: null, flags: [] });
  if (cached) throw new Error("the cache must be out of the way");
  return { ms: performance.now() - start, bytes: wasm.length };
}

async function measure(label: string, files: ProjectFiles): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "terrarium-bench-"));
  const builder = createBuilder({ dataDir, limits: DEFAULT_LIMITS });
  try {
    const cold = await time(builder, edit(files, "cold"));
    const warm: number[] = [];
    for (let index = 0; index < WARM_BUILDS; index++)
      warm.push((await time(builder, edit(files, `edit ${index}`))).ms);
    warm.sort((one, other) => one - other);
    const [best, median] = [warm[0] ?? 0, warm[WARM_BUILDS >> 1] ?? 0];
    const bar = WARM_BARS[label];
    const row: Row = {
      what: `${label}, an edit in a warm process`,
      value: median,
      unit: "ms",
      note: `best ${best.toFixed(1)}, cold ${cold.ms.toFixed(0)} ms, ${cold.bytes} bytes`,
    };
    rows.push(bar === undefined ? row : { ...row, bar });
  } finally {
    await builder.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

for (const [label, files] of Object.entries(SMALL)) await measure(label, files);
await measure(
  "WAT, 15 MB",
  projectOf(
    "src/main.wat",
    `(module\n${LARGE_FUNCTION.repeat(4300)}  (type (func))\n  (export "run" (func 0)))`,
  ),
);
for (const folder of process.argv.slice(2)) await measure(folder, await readFolder(folder));
publish({
  name: "build",
  title: "Builds",
  command: "npm run bench -- build",
  method: `Edits of one file, ${WARM_BUILDS} each, medians; the build cache is out of the way.`,
  rows,
});
