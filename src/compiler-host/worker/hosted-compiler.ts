// A Compiler that works in a compiler process.
import type { CompileOptions, Compiler, CompileResult, SourceFrame } from "../compiler.ts";
import { isAsset, type ProjectFiles } from "../../project/files.ts";
import { CompilerProcess, type CompilerProcessOptions } from "./compiler-process.ts";

/** What is specific to one hosted language. */
export interface HostedLanguage {
  /** Versions of compiler, library and options. */
  readonly fingerprint: () => Promise<string>;
  readonly process: Pick<CompilerProcessOptions, "toolchain" | "label" | "execArgv" | "maxRssBytes">;
}

/** What all hosted languages share. */
export interface HostSettings {
  readonly folder: string;
  readonly idleMs: number;
  readonly maxOutputBytes: number;
}

/** A compiler in its own process. */
export class HostedCompiler implements Compiler {
  readonly fingerprint: () => Promise<string>;
  readonly #process: CompilerProcess;
  readonly #maxOutputBytes: number;

  constructor(hosted: HostedLanguage, settings: HostSettings) {
    this.fingerprint = hosted.fingerprint;
    this.#maxOutputBytes = settings.maxOutputBytes;
    this.#process = new CompilerProcess({
      ...hosted.process,
      folder: settings.folder,
      idleMs: settings.idleMs,
    });
  }

  /** Process id, while there is a process. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  reads(name: string): boolean {
    return !isAsset(name);
  }

  async compile(files: ProjectFiles, options: CompileOptions): Promise<CompileResult> {
    const request = {
      kind: "compile",
      files,
      flags: options.flags,
      maxOutputBytes: this.#maxOutputBytes,
    } as const;
    const result = await this.#process.run(request, options.signal, (text) =>
      options.onEvent({ kind: "output", text }),
    );
    if (result.kind !== "compiled" || result.wasm === null)
      return { ok: false, diagnostics: result.kind === "compiled" ? result.diagnostics : [] };
    return { ok: true, wasm: result.wasm, diagnostics: result.diagnostics };
  }

  /** Source locations of offsets into a module with DWARF, inlined callees first. */
  async symbolize(
    wasm: Uint8Array,
    offsets: readonly number[],
    signal: AbortSignal,
  ): Promise<readonly (readonly SourceFrame[])[]> {
    const result = await this.#process.run({ kind: "symbolize", wasm, offsets }, signal, () => undefined);
    return result.kind === "symbolized" ? result.frames : [];
  }

  async prewarm(): Promise<void> {
    await this.#process.run({ kind: "warm" }, new AbortController().signal, () => undefined);
  }

  close(): Promise<void> {
    return this.#process.stop();
  }
}
