// One build: the project in a folder of its own, rustc (or cargo, for a project that brings its own crates) within walls.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { TerrariumError } from "../../errors/index.ts";
import { withinWalls, type Sandbox, type Walls } from "../sandbox/bubblewrap.ts";
import { runCommand, type Command } from "../sandbox/command.ts";
import type { CompileOptions, CompileResult, Diagnostic, ProjectFiles } from "../types.ts";
import { RUST_SDK_FOLDER, targetFlags, type PreparedSet } from "./crate-sets.ts";
import { rustFlags } from "./flags.ts";
import { parseCargoLine, parseRustcLine, toDiagnostic, type RustcMessage } from "./messages.ts";
import { manifestForCargo, manifestText, type RustProgram } from "./program.ts";
import { TARGET, type Toolchain } from "./toolchain.ts";

const GIB = 1024 * 1024 * 1024;
const LIMITS = { memoryBytes: 4 * GIB, fileBytes: GIB / 2, processes: 256, cpuSeconds: 600 };

export interface RustBuild {
  readonly program: RustProgram;
  readonly toolchain: Toolchain;
  readonly set: PreparedSet;
  /** Null: no walls. */
  readonly sandbox: Sandbox | null;
  readonly home: string;
  readonly path: string;
  /** Folder below which each build gets its own. */
  readonly scratch: string;
  /** Projects may bring crates of the registry. */
  readonly allowRegistry: boolean;
}

/** Size of the stack, in front of the data, so that running over it traps. */
const STACK_BYTES = 128 * 1024;

/** Flags for programs: release mode, names and lines kept for traps. */
const PROGRAM_FLAGS = [
  "-Copt-level=3", "-Cpanic=abort", "-Cdebuginfo=line-tables-only", "-Coverflow-checks=off",
  `-Clink-arg=-zstack-size=${STACK_BYTES}`, "-Clink-arg=--stack-first",
];

/** Builds a program. Its text goes out as output events. */
export async function buildProgram(files: ProjectFiles, options: CompileOptions, build: RustBuild): Promise<CompileResult> {
  const flags = rustFlags(options.flags);
  await mkdir(build.scratch, { recursive: true });
  const folder = await mkdtemp(join(build.scratch, "build-"));
  try {
    await writeProject(folder, files, build.program);
    return build.program.needsCargo ? await withCargo(folder, flags, options, build) : await withRustc(folder, files, flags, options, build);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeProject(folder: string, files: ProjectFiles, program: RustProgram): Promise<void> {
  for (const [name, bytes] of files) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  const manifest = program.needsCargo ? manifestForCargo(program, RUST_SDK_FOLDER) : program.manifest;
  await writeFile(join(folder, "Cargo.toml"), manifestText(manifest));
}

/** Crates that every program carries. */
const ALWAYS_THERE = new Set(["http_guest", "http"]);

/**
 * Optimising across crates makes a program that only uses `http_guest` a fifth smaller for 0.7 s of compiling; with
 * `serde_json` and `maud` it is an eighth for 1.5 s, so those are linked as they are, unless a flag asks for more.
 */
function isSmall(files: ProjectFiles, set: PreparedSet): boolean {
  const others = Object.keys(set.crates).filter((name) => !ALWAYS_THERE.has(name));
  const used = new RegExp(`\\b(${others.join("|")})\\b`);
  return ![...files].some(([name, bytes]) => name.endsWith(".rs") && used.test(new TextDecoder().decode(bytes)));
}

async function withRustc(folder: string, files: ProjectFiles, flags: readonly string[], options: CompileOptions, build: RustBuild): Promise<CompileResult> {
  const { toolchain, set, program } = build;
  const out = join(folder, "program.wasm");
  const command = {
    file: toolchain.rustc,
    arguments: [
      "src/lib.rs", "--crate-name=program", "--crate-type=cdylib", `--edition=${program.edition}`, `--target=${TARGET}`, "-o", out,
      "--error-format=json", ...PROGRAM_FLAGS, `-Clto=${isSmall(files, set) ? "fat" : "off"}`, ...targetFlags(set.sysroot, toolchain, build.home), ...flags,
      ...set.dependencyFolders.flatMap((dependencies) => ["-L", `dependency=${dependencies}`]),
      ...Object.entries(set.crates).flatMap(([name, file]) => ["--extern", `${name}=${file}`]),
    ],
    cwd: folder,
    env: { ...baseEnvironment(build), CARGO_MANIFEST_DIR: folder, CARGO_PKG_NAME: "program", CARGO_PKG_VERSION: "0.0.0" },
  };
  const findings = new Findings(options);
  const code = await runCommand(enclose(command, folder, build), { onStderr: (line) => findings.take(parseRustcLine(line), line) }, options.signal);
  return findings.result(code, () => readFile(out));
}

async function withCargo(folder: string, flags: readonly string[], options: CompileOptions, build: RustBuild): Promise<CompileResult> {
  if (!build.allowRegistry) throw new TerrariumError("TER_RUST_NO_REGISTRY", { known: Object.keys(build.set.crates).toSorted().join(", ") });
  const cargoHome = join(build.scratch, "cargo-home");
  const target = join(folder, "target");
  await Promise.all([mkdir(cargoHome, { recursive: true }), mkdir(target, { recursive: true })]);
  const env = {
    ...baseEnvironment(build),
    RUSTC: build.toolchain.rustc, CARGO_HOME: cargoHome, CARGO_TARGET_DIR: target,
    CARGO_ENCODED_RUSTFLAGS: [...PROGRAM_FLAGS, ...targetFlags(build.set.sysroot, build.toolchain, build.home), ...flags].join("\x1f"),
    CARGO_PROFILE_RELEASE_LTO: "fat", CARGO_PROFILE_RELEASE_PANIC: "abort",
    CARGO_BUILD_JOBS: String(availableParallelism()),
  };
  const findings = new Findings(options);
  const listener = {
    onStdout: (line: string): void => findings.takeCargo(line),
    onStderr: (line: string): void => options.onEvent({ kind: "output", text: `${line}\n` }),
  };
  const fetched = await runCommand(encloseFetch({ file: build.toolchain.cargo, arguments: ["fetch", `--target=${TARGET}`], cwd: folder, env }, folder, cargoHome, build), listener, options.signal);
  if (fetched !== 0) return { ok: false, diagnostics: [] };
  const args = ["build", "--release", "--lib", `--target=${TARGET}`, "--offline", "--message-format=json"];
  const code = await runCommand(enclose({ file: build.toolchain.cargo, arguments: args, cwd: folder, env }, folder, build, cargoHome), listener, options.signal);
  return findings.result(code, () => readFile(findings.module ?? join(target, "none")));
}

/** Collects what the compiler finds. */
class Findings {
  readonly #options: CompileOptions;
  readonly #diagnostics: Diagnostic[] = [];
  /** The module that cargo made. */
  module: string | null = null;

  constructor(options: CompileOptions) {
    this.#options = options;
  }

  take(message: RustcMessage | null, line: string): void {
    const text = message === null ? (line.startsWith("{") ? "" : `${line}\n`) : (message.rendered ?? "");
    if (text !== "") this.#options.onEvent({ kind: "output", text });
    const diagnostic = message === null ? null : toDiagnostic(message);
    if (diagnostic !== null) this.#diagnostics.push(diagnostic);
  }

  takeCargo(line: string): void {
    const message = parseCargoLine(line);
    if (message?.kind === "diagnostic") this.take(message.message, "");
    if (message?.kind === "artifact") this.module = message.artifact.files.find((file) => file.endsWith(".wasm")) ?? this.module;
  }

  async result(code: number, read: () => Promise<Uint8Array>): Promise<CompileResult> {
    const diagnostics = this.#diagnostics;
    return code === 0 ? { ok: true, wasm: await read(), diagnostics } : { ok: false, diagnostics };
  }
}

function baseEnvironment({ path }: RustBuild): Record<string, string> {
  return { PATH: path, RUSTC_BOOTSTRAP: "1", HOME: "/tmp", LANG: "C.UTF-8" };
}

function enclose(command: Command, folder: string, build: RustBuild, cargoHome?: string): Command {
  if (build.sandbox === null) return command;
  return withinWalls(command, build.sandbox, walls(folder, build, cargoHome === undefined ? [] : [cargoHome]));
}

/** Fetching needs the network, but runs nothing of the project's. */
function encloseFetch(command: Command, folder: string, cargoHome: string, build: RustBuild): Command {
  if (build.sandbox === null) return command;
  const { readable, limits } = walls(folder, build, []);
  const readableNetwork = ["/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/ssl", "/etc/ca-certificates"];
  return withinWalls(command, build.sandbox, { readable: [...readable, ...readableNetwork], writable: [folder, cargoHome], limits, network: true });
}

function walls(folder: string, build: RustBuild, alsoReadable: readonly string[]): Walls {
  const { toolchain, set } = build;
  const sysroots = toolchain.sysroot === "/usr" ? [] : [toolchain.sysroot];
  return { readable: [...sysroots, dirname(set.folder), RUST_SDK_FOLDER, ...alsoReadable], writable: [folder], limits: LIMITS };
}
