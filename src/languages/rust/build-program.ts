// One build: the project in its own folder; rustc, or cargo for a project with its own crates, inside the
// sandbox.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TerrariumError } from "../../errors/index.ts";
import { runCommand } from "../../compiler-host/sandbox/command.ts";
import type { CompileOptions, CompileResult } from "../../compiler-host/compiler.ts";
import type { ProjectFiles } from "../../project/files.ts";
import { allowDeepStack } from "../../wasm/index.ts";
import { ALLOCATOR_CRATE, type PreparedSet, RUST_SDK_FOLDER, targetFlags } from "./crate-sets.ts";
import type { BuildPaths, RustBuild } from "./build.ts";
import { enclose, INSIDE_TMP, withoutFolder, writeArtefact } from "./enclosure.ts";
import { Findings } from "./findings.ts";
import { lostOutput } from "./lost-output.ts";
import { rustFlags } from "./flags.ts";
import { manifestForCargo, manifestText, type RustProgram } from "./program.ts";
import { TARGET } from "./toolchain.ts";
import { buildWithCargo } from "./with-cargo.ts";

/**
 * Size of the stack, which comes before the data, so that an overflow traps. It is small because a fresh
 * instance pays for it, and goes on elsewhere where a run needs more.
 */
const SMALL_STACK_BYTES = 128 * 1024;
/** What rustc gives: for programs that may rely on where memory grows. */
const WHOLE_STACK_BYTES = 1024 * 1024;

/** Flags for programs: release mode, names and lines kept for traps. */
const PROGRAM_FLAGS = [
  "-Copt-level=3",
  "-Cpanic=abort",
  "-Cdebuginfo=line-tables-only",
  "-Coverflow-checks=off",
  "-Clink-arg=--stack-first",
  // A program's own `extern "C"` block of hostcalls has no attributes: what is not defined is imported from
  // `env`, and the check of the module's imports refuses what is not a hostcall.
  "-Clink-arg=--allow-undefined",
];

/** Builds a program. Its output is sent as output events. */
export async function buildProgram(
  files: ProjectFiles,
  options: CompileOptions,
  build: RustBuild,
): Promise<CompileResult> {
  const { program, set, toolchain, home, allowRegistry } = build;
  if (program.needsCargo && !allowRegistry)
    throw new TerrariumError("TER_RUST_NO_REGISTRY", {
      known: Object.keys(set.crates)
        .filter((name) => name !== ALLOCATOR_CRATE)
        .toSorted()
        .join(", "),
    });
  const scratch = join(build.cacheFolder, "scratch");
  await mkdir(scratch, { recursive: true });
  const folder = await mkdtemp(join(scratch, "build-"));
  const work: BuildPaths = {
    project: join(folder, "project"),
    artefact: join(folder, "module.wasm"),
    temporary: build.sandbox === null ? join(folder, "tmp") : INSIDE_TMP,
  };
  const ownFlags = rustFlags(options.flags);
  const isDeep = mayGoOn(files, program, ownFlags);
  const flags = [
    ...PROGRAM_FLAGS,
    `-Clink-arg=-zstack-size=${isDeep ? SMALL_STACK_BYTES : WHOLE_STACK_BYTES}`,
    ...targetFlags(set.sysroot, toolchain, home),
    ...ownFlags,
  ];
  try {
    await Promise.all([
      writeProject(work.project, files, program),
      writeArtefact(work.artefact),
      mkdir(join(folder, "tmp")),
      chmod(folder, 0o755),
    ]);
    const findings = new Findings(options);
    const code = program.needsCargo
      ? await buildWithCargo(work, flags, findings, options, build)
      : await buildWithRustc(work, files, flags, findings, options, build);
    const lost = lostOutput(files);
    for (const { file, line, column, message } of lost)
      options.onEvent({ kind: "output", text: `warning: ${message}\n --> ${file}:${line}:${column}\n` });
    const diagnostics = [...findings.diagnostics, ...lost];
    if (code !== 0) return { ok: false, diagnostics };
    const wasm = await readFile(work.artefact);
    return { ok: true, wasm: isDeep ? allowDeepStack(wasm) : wasm, diagnostics };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Whether the stack may go on in memory that grows for it. An allocator of the program's own may take all
 * memory behind its data for itself; a stack of a size that a flag says is what the program wants.
 */
function mayGoOn(files: ProjectFiles, { ownsAllocator }: RustProgram, flags: readonly string[]): boolean {
  if (ownsAllocator || flags.some((flag) => flag.includes("stack-size"))) return false;
  return ![...files].some(
    ([name, bytes]) =>
      name.endsWith(".rs") && /\b(memory_grow|__heap_base)\b/.test(new TextDecoder().decode(bytes)),
  );
}

async function writeProject(folder: string, files: ProjectFiles, program: RustProgram): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) {
    // cargo runs what a project's configuration names, even while it fetches.
    if (name.split("/").includes(".cargo")) continue;
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  const manifest = program.needsCargo ? manifestForCargo(program, RUST_SDK_FOLDER) : program.manifest;
  await writeFile(join(folder, "Cargo.toml"), manifestText(manifest));
}

/** Crates that every program carries. */
const ALWAYS_THERE = new Set(["http_guest", "http", ALLOCATOR_CRATE]);

/**
 * Optimizing across crates makes a program that only uses `http_guest` a fifth smaller for 0.7 s of
 * compiling. With `serde_json` and `maud` it is an eighth for 1.5 s, so those are linked without it, unless a
 * flag asks for more.
 */
function isSmall(files: ProjectFiles, set: PreparedSet): boolean {
  const others = Object.keys(set.crates).filter((name) => !ALWAYS_THERE.has(name));
  const used = new RegExp(`\\b(${others.join("|")})\\b`);
  return ![...files].some(
    ([name, bytes]) => name.endsWith(".rs") && used.test(new TextDecoder().decode(bytes)),
  );
}

/** Arguments for the crates. The allocator is linked unless the program has its own. */
function externs({ crates }: PreparedSet, { ownsAllocator }: RustProgram): string[] {
  return Object.entries(crates).flatMap(([name, file]) => {
    if (name !== ALLOCATOR_CRATE) return ["--extern", `${name}=${file}`];
    return ownsAllocator ? [] : ["--extern", `force:${name}=${file}`];
  });
}

function buildWithRustc(
  work: BuildPaths,
  files: ProjectFiles,
  flags: readonly string[],
  findings: Findings,
  options: CompileOptions,
  build: RustBuild,
): Promise<number> {
  const { toolchain, set, program } = build;
  const made = join(work.temporary, "program.wasm");
  const command = {
    file: toolchain.rustc,
    arguments: [
      "src/lib.rs",
      "--crate-name=program",
      "--crate-type=cdylib",
      `--edition=${program.edition}`,
      `--target=${TARGET}`,
      "-o",
      made,
      "--error-format=json",
      `-Clto=${isSmall(files, set) ? "fat" : "off"}`,
      withoutFolder(work),
      ...flags,
      ...set.dependencyFolders.flatMap((dependencies) => ["-L", `dependency=${dependencies}`]),
      // Allows `force:`, which links a crate that the program does not name.
      "-Zunstable-options",
      ...externs(set, program),
    ],
    cwd: work.project,
    env: { CARGO_MANIFEST_DIR: work.project, CARGO_PKG_NAME: "program", CARGO_PKG_VERSION: "0.0.0" },
  };
  return runCommand(
    enclose(command, work, { made }, build),
    { onStderr: (line) => findings.takeRustc(line) },
    options.signal,
  );
}
