// AssemblyScript, by asc in this process: `assembly/index.ts` with the `http_guest` library next to it.
import { libraryFiles, main } from "assemblyscript/asc";
import { readSdk } from "../../compiler-host/sdk-folder.ts";
import { appendSourceMap } from "../../compiler-host/source-map.ts";
import type { Diagnostic } from "../../compiler-host/compiler.ts";
import type { ProjectFiles } from "../../project/files.ts";
import type { Toolchain, ToolchainJob, ToolchainResult } from "../../compiler-host/worker/protocol.ts";
import { THROWN_TEXT } from "./thrown-text.ts";
import { ASSEMBLYSCRIPT_FLAGS, ASSEMBLYSCRIPT_FLAG_POLICY } from "./flags.ts";
import { checkFlags } from "../../compiler-host/flags.ts";

const ENTRY = "assembly/index.ts";
const OUTPUT = "module.wasm";

type AscOptions = NonNullable<Parameters<typeof main>[1]>;
type AscDiagnostic = Parameters<NonNullable<AscOptions["reportDiagnostic"]>>[0];
/** Declared with the fields that asc adds to class-based transforms. */
type AscTransform = NonNullable<AscOptions["transforms"]>[number];

/**
 * The compiler. The library is added to asc's own, and replaces its `bindings/dom`, whose functions would
 * become imports that no program may have. Next to the program there is one file that re-exports it.
 */
export async function createToolchain(): Promise<Toolchain> {
  for (const [name, bytes] of await readSdk("assemblyscript/lib"))
    libraryFiles[name.replace(/\.ts$/, "")] = new TextDecoder().decode(bytes);
  const library = await readSdk("assemblyscript/assembly");
  const compile = (job: ToolchainJob): Promise<ToolchainResult> => compileProject(library, job);
  return { warm: () => warm(compile), compile };
}

/** A first compile takes most of a second; better before somebody waits for it. */
async function warm(compile: (job: ToolchainJob) => Promise<ToolchainResult>): Promise<void> {
  const source =
    'import { Request, Response, run_user } from "./http_guest"; export function ' +
    "run(): void { run_user((_: Request): Response => new Response()); }";
  await compile({ files: new Map([[ENTRY, Buffer.from(source)]]), flags: [], write: () => undefined });
}

async function compileProject(library: ProjectFiles, job: ToolchainJob): Promise<ToolchainResult> {
  checkFlags(job.flags, ASSEMBLYSCRIPT_FLAG_POLICY);
  const sources = new Sources(library, job.files);
  const written = new Map<string, Uint8Array | string>();
  const diagnostics: Diagnostic[] = [];
  const { error } = await main([ENTRY, "-o", OUTPUT, ...ASSEMBLYSCRIPT_FLAGS, ...job.flags], {
    stdout: { write: (chunk) => job.write(String(chunk)) },
    stderr: { write: (chunk) => job.write(String(chunk)) },
    readFile: (name) => sources.read(name),
    writeFile: (name, contents) => void written.set(name, contents),
    listFiles: () => [],
    transforms: [THROWN_TEXT as unknown as AscTransform],
    reportDiagnostic: (found) => void diagnostics.push(toDiagnostic(found, sources)),
  });
  const wasm = written.get(OUTPUT);
  if (error !== null || !(wasm instanceof Uint8Array)) return failure(error, diagnostics, job);
  return { wasm: appendSourceMap(wasm, String(written.get(`${OUTPUT}.map`) ?? "")), diagnostics };
}

function failure(error: Error | null, diagnostics: Diagnostic[], job: ToolchainJob): ToolchainResult {
  if (!diagnostics.some(({ severity }) => severity === "error")) {
    const message = error?.message ?? "asc wrote no module";
    job.write(`ERROR: ${message}\n`);
    diagnostics.push({ severity: "error", file: null, line: null, column: null, message });
  }
  return { wasm: null, diagnostics };
}

/** What asc may read: the project and, in place of `assembly/http_guest`, the library. Never the disk. */
class Sources {
  readonly #library: ProjectFiles;
  readonly #files: ProjectFiles;

  constructor(library: ProjectFiles, files: ProjectFiles) {
    this.#library = library;
    this.#files = files;
  }

  read(name: string): string | null {
    // asconfig.json may name transforms, which asc would load and run as JavaScript.
    if (!name.endsWith(".ts")) return null;
    const bytes = this.#library.get(name.replace(/^assembly\//, "")) ?? this.#files.get(name);
    return bytes === undefined ? null : new TextDecoder().decode(bytes);
  }
}

function toDiagnostic({ category, code, message, range }: AscDiagnostic, sources: Sources): Diagnostic {
  const severity = category === 3 ? "error" : category === 2 ? "warning" : "note";
  const text = `${code > 0 ? `${category === 3 ? "TS" : "AS"}${code}: ` : ""}${message}`;
  if (range === null) return { severity, file: null, line: null, column: null, message: text };
  const file = range.source.normalizedPath;
  return { severity, file, ...locationOf(sources.read(file), range.start), message: text };
}

/** asc counts in UTF-16 units from the start of the file. */
function locationOf(source: string | null, offset: number): { line: number | null; column: number | null } {
  if (source === null) return { line: null, column: null };
  const lines = source.slice(0, offset).split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}
