// The compilers that are not the platform's own, and how each builds a module. `tests/toolchains/install` and
// Debian's packages bring what npm does not.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

const HERE = import.meta.dirname;
/** Where `.ci/run` has tests/toolchains/install put them. */
const INSTALLED = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "terrarium-toolchains");
const TINYGO = join(INSTALLED, "tinygo/tinygo");
/** Modules with `//go:wasmexport` came with this release of Go. */
const OLDEST_GO_MINOR = 24;

export interface Toolchain {
  readonly name: string;
  /** The command that compiles, or null where it is missing. */
  readonly find: () => string | null;
  /** What to install where it is missing. */
  readonly install: string;
  /** Arguments for the command, in the folder of the program's source. */
  readonly build: (output: string) => readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** What the compiler wants a file to be called whose name would make our own tools take it for theirs. */
  readonly rename?: readonly [from: string, to: string];
}

const versionOf = (command: string, ...args: readonly string[]): string =>
  spawnSync(command, args, { encoding: "utf8" }).stdout ?? "";
const firstThatRuns = (commands: readonly string[], ...args: readonly string[]): string | null =>
  commands.find((command) => versionOf(command, ...args) !== "") ?? null;

export const GO: Toolchain = {
  name: "Go",
  find: () =>
    Number(/go1\.(\d+)/.exec(versionOf("go", "version"))?.[1] ?? 0) >= OLDEST_GO_MINOR ? "go" : null,
  install: "Go 1.24 or newer",
  build: (output) => ["build", "-buildmode=c-shared", "-o", output, "."],
  env: { GOOS: "wasip1", GOARCH: "wasm", GOFLAGS: "", GOWORK: "off" },
};

export const TOOLCHAINS: readonly Toolchain[] = [
  GO,
  {
    name: "TinyGo",
    find: () => (existsSync(TINYGO) ? TINYGO : null),
    install: "it with tests/toolchains/install",
    build: (output) => ["build", "-target=terrarium", "-o", output, "."],
    env: { TINYGOROOT: join(INSTALLED, "tinygo/root"), GOTOOLCHAIN: "go1.25.5", GOFLAGS: "", GOWORK: "off" },
  },
  {
    name: "Zig",
    find: () => firstThatRuns([join(INSTALLED, "zig/ziglang/zig"), "zig"], "version"),
    install: "it with tests/toolchains/install",
    build: (output) => [
      "build-exe",
      "main.zig",
      "-target",
      "wasm32-freestanding",
      "-O",
      "ReleaseSmall",
      "-fno-entry",
      "-rdynamic",
      `-femit-bin=${output}`,
    ],
  },
  {
    name: "asc",
    find: () => process.execPath,
    install: "it with `npm ci`",
    rename: ["main.as", "main.ts"],
    build: (output) => [
      join(HERE, "../../node_modules/assemblyscript/bin/asc.js"),
      "main.ts",
      "-O",
      "--outFile",
      output,
    ],
  },
  {
    name: "Emscripten",
    find: () => firstThatRuns(["emcc"], "--version"),
    install: "Debian's package emscripten",
    build: (output) => [
      "-O2",
      "main.c",
      "-sSTANDALONE_WASM",
      "--no-entry",
      "-sERROR_ON_UNDEFINED_SYMBOLS=0",
      "-sEXPORTED_FUNCTIONS=_run,_malloc,_free",
      "-o",
      output,
    ],
  },
];

/** Compiles the program in `folder` (below this one). */
export function compile(toolchain: Toolchain, folder: string, output: string): void {
  const command = toolchain.find();
  if (command === null) throw new Error(`Cannot find ${toolchain.name}. Install ${toolchain.install}`);
  const sources = mkdtempSync(join(tmpdir(), "terrarium-toolchain-"));
  try {
    cpSync(join(HERE, folder), sources, { recursive: true });
    if (toolchain.rename !== undefined) {
      const [from, to] = toolchain.rename;
      renameSync(join(sources, from), join(sources, to));
    }
    execFileSync(command, toolchain.build(output), {
      cwd: sources,
      env: { ...process.env, ...toolchain.env },
      stdio: ["ignore", "inherit", "pipe"],
    });
  } finally {
    rmSync(sources, { recursive: true, force: true });
  }
}

/** Whether it is tested here. In CI all are, and what is missing fails. */
export function isTested(toolchain: Toolchain): boolean {
  if (toolchain.find() !== null || process.env["CI"] === "true") return true;
  const { name, install } = toolchain;
  process.stderr.write(`\n*** ${name.toUpperCase()} IS NOT TESTED: install ${install}\n\n`);
  return false;
}
