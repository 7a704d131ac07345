// Rust by the machine's own toolchain. Programs without a manifest, and those whose manifest asks for nothing
// beyond the set, are built by rustc alone against prebuilt crates.
import { TerrariumError } from "../../errors/index.ts";
import { findWorkingSandbox, type Sandbox } from "../../compiler-host/sandbox/bubblewrap.ts";
import type { CompilerSettings } from "../compilers.ts";
import { buildProgram } from "./build-program.ts";
import { findPreparedSet, offeredCrates, prepareSet, type PreparedSet, toolchainKey } from "./crate-sets.ts";
import { CRATE_SETS, type CrateSet, describeProgram } from "./program.ts";
import { isRequirementMet } from "./requirement.ts";
import { defaultRustSettings, type RustSettings } from "./settings.ts";
import { findToolchain, isToolchainMissing, type RustToolchain } from "./toolchain.ts";
import { BUBBLEWRAP_FIX } from "./state-text.ts";
import type { CompileOptions, Compiler, CompileResult } from "../../compiler-host/compiler.ts";
import type { ProjectFiles } from "../../project/files.ts";

/** Rust as the builder runs it. */
export function createCompiler({ rust }: CompilerSettings): RustCompiler {
  return new RustCompiler({ ...defaultRustSettings(), ...rust });
}

export class RustCompiler implements Compiler {
  readonly #settings: RustSettings;
  readonly #closed = new AbortController();
  readonly #preparations = new Map<CrateSet, Promise<PreparedSet>>();
  #toolchain: Promise<RustToolchain> | null = null;
  #sandbox: Promise<Sandbox | null> | null = null;

  constructor(settings: RustSettings) {
    this.#settings = settings;
  }

  async fingerprint(): Promise<string> {
    return toolchainKey(await this.#findToolchain());
  }

  /** Macros may read any file. */
  reads(): boolean {
    return true;
  }

  async compile(files: ProjectFiles, options: CompileOptions): Promise<CompileResult> {
    const { path, home, cacheFolder, allowRegistry, requireSandbox } = this.#settings;
    const sandbox = await (this.#sandbox ??= findWorkingSandbox(path));
    if (sandbox === null && requireSandbox)
      throw new TerrariumError("TER_RUST_NO_SANDBOX", { fix: BUBBLEWRAP_FIX });
    if (sandbox === null)
      options.onEvent({
        kind: "output",
        text: `warning: building without a sandbox (fix it with: ${BUBBLEWRAP_FIX})\n`,
      });
    const toolchain = await this.#findToolchain();
    const offered = new Map(
      await Promise.all(CRATE_SETS.map(async (set) => [set, await offeredCrates(set)] as const)),
    );
    const program = describeProgram(files, (set, name, requirement) =>
      isRequirementMet(requirement, offered.get(set)?.[name]),
    );
    const set = await this.#prepared(program.set, options);
    return buildProgram(files, options, {
      program,
      toolchain,
      set,
      sandbox,
      home,
      path,
      allowRegistry,
      cacheFolder,
    });
  }

  /** Builds the crates of both sets, unless they exist. */
  async prewarm(onOutput: (text: string) => void = () => undefined): Promise<void> {
    for (const set of CRATE_SETS) await this.#prepare(set, onOutput);
  }

  close(): Promise<void> {
    this.#closed.abort(new TerrariumError("TER_BUILD_STOPPED"));
    return Promise.resolve();
  }

  /** The set, prepared by this build if necessary; the preparation outlives a build that gives up. */
  async #prepared(set: CrateSet, { signal, onEvent }: CompileOptions): Promise<PreparedSet> {
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = (): void =>
      reject(isTimeout(signal.reason) ? new TerrariumError("TER_RUST_PREPARING") : signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await Promise.race([this.#prepare(set, (text) => onEvent({ kind: "output", text })), promise]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #prepare(set: CrateSet, onOutput: (text: string) => void): Promise<PreparedSet> {
    const toolchain = await this.#findToolchain();
    const { cacheFolder, path, home } = this.#settings;
    const ready = await findPreparedSet(cacheFolder, await toolchainKey(toolchain), set);
    if (ready !== null) return ready;
    const running =
      this.#preparations.get(set) ??
      prepareSet(set, {
        cacheFolder,
        toolchain,
        env: { PATH: path, HOME: home },
        onOutput,
        signal: this.#closed.signal,
      });
    this.#preparations.set(set, running);
    try {
      return await running;
    } finally {
      this.#preparations.delete(set);
    }
  }

  async #findToolchain(): Promise<RustToolchain> {
    this.#toolchain ??= findToolchain(this.#settings.path, this.#settings.home).then((found) => {
      if (!isToolchainMissing(found)) return found;
      this.#toolchain = null;
      throw new TerrariumError("TER_RUST_MISSING", { reason: found.reason, fix: found.fix });
    });
    return this.#toolchain;
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof TerrariumError && reason.code === "TER_BUILD_TIMEOUT";
}
