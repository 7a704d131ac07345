// Turns a project into a module: detects the language, looks in the cache, waits in line, compiles within the
// limits, and keeps the result.
import { join } from "node:path";
import { TerrariumError } from "../errors/index.ts";
import type { Limits } from "../config/index.ts";
import { BuildMemory } from "../compiler-host/build-memory.ts";
import { BoundedText } from "../compiler-host/bounded-text.ts";
import { WholeLines } from "../compiler-host/whole-lines.ts";
import { BuildFailure } from "./build-failure.ts";
import { BuildQueue } from "./build-queue.ts";
import { BuildCache, cacheKey } from "./cache.ts";
import { type CompilerSettings, loadCompiler } from "../languages/compilers.ts";
import type { Language } from "../languages/list.ts";
import { Disassembler } from "./disassembler.ts";
import { detectLanguage } from "./detect-language.ts";
import { type ProjectManifest, readManifest } from "./manifest.ts";
import { lookUpSourceMap } from "../compiler-host/source-map.ts";
import type { BuildEvent, Compiler, Diagnostic, SourceFrame } from "../compiler-host/compiler.ts";
import type { ProjectFiles } from "../project/files.ts";

/** A finished build: the compiler's module, not yet checked or rewritten. */
export interface Build {
  readonly language: Language;
  readonly wasm: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
  /** The compiler's text, cut at the limit. */
  readonly output: string;
  /** True if nothing was compiled. */
  readonly cached: boolean;
}

interface BuildOptions {
  /** The client's guess of the language; `terrarium.toml` overrides it. */
  readonly hint: string | null;
  /** The language that a person asked for; obeyed or refused, and it overrides `terrarium.toml`. */
  readonly language?: Language | null;
  /** What `terrarium.toml` says; read from the files if it is left out. */
  readonly manifest?: ProjectManifest;
  /** Compiler flags; those in `terrarium.toml` come first. */
  readonly flags: readonly string[];
  readonly onEvent?: (event: BuildEvent) => void;
  readonly signal?: AbortSignal;
}

export interface Builder {
  /**
   * Builds a project. Throws BuildFailure (TER_BUILD_FAILED) with the compiler's text, other TER_BUILD_*
   * errors for failures outside the compiler, TER_TOO_MANY when the queue is full, and the signal's reason
   * once it is aborted.
   */
  build(files: ProjectFiles, options: BuildOptions): Promise<Build>;
  /** Starts a language's compiler ahead of time, so that its first build is fast. */
  prewarm(language: Language): Promise<void>;
  /**
   * Source locations of byte offsets into a module as `build` returned it, inlined callees first; an empty
   * list where nothing is known.
   */
  symbolize(
    wasm: Uint8Array,
    offsets: readonly number[],
    signal?: AbortSignal,
  ): Promise<readonly (readonly SourceFrame[])[]>;
  /**
   * The text of a module. Throws TER_MODULE_TEXT_*, TER_WASM_INVALID, TER_TOO_MANY, and the signal's reason
   * once it is aborted.
   */
  moduleText(wasm: Uint8Array, signal?: AbortSignal): Promise<string>;
  /** Ends all compiler processes. Running builds reject. */
  close(): Promise<void>;
}

export interface BuilderOptions {
  readonly dataDir: string;
  readonly limits: Pick<Limits, "buildMs" | "buildLogBytes" | "buildQueue">;
  /** Compiler processes end after this long without work. */
  readonly idleMs?: number;
  /** Memory of all builds together; by default, unlimited. */
  readonly memoryBytes?: number;
  /** Size limit of the build cache on disk. */
  readonly maxCacheBytes?: number;
  /**
   * Settings for Rust. By default: the user's own toolchain and cache, no extra crates, and a sandbox if the
   * machine has one.
   */
  readonly rust?: CompilerSettings["rust"];
}

/** The language whose process and queue serve requests for source locations. */
const SYMBOLIZER: Language = "c";
const DEFAULT_IDLE_MS = 5 * 60_000;
const DEFAULT_CACHE_BYTES = 256 * 1024 * 1024;

/** Creates a builder. No process starts before the first build. */
export function createBuilder(options: BuilderOptions): Builder {
  return new QueuedBuilder(options);
}

class QueuedBuilder implements Builder {
  readonly #limits: BuilderOptions["limits"];
  readonly #settings: CompilerSettings;
  readonly #compilers = new Map<Language, Promise<Compiler>>();
  readonly #disassembler: Disassembler;
  readonly #cache: BuildCache;
  readonly #queues = new Map<Language, BuildQueue>();
  readonly #memory: BuildMemory;
  readonly #closed = new AbortController();

  constructor({
    dataDir,
    limits,
    idleMs = DEFAULT_IDLE_MS,
    maxCacheBytes = DEFAULT_CACHE_BYTES,
    memoryBytes = Number.POSITIVE_INFINITY,
    rust = {},
  }: BuilderOptions) {
    this.#limits = limits;
    this.#memory = new BuildMemory(memoryBytes);
    const hosted = {
      folder: join(dataDir, "cache", "compilers"),
      idleMs,
      maxOutputBytes: limits.buildLogBytes,
    };
    this.#settings = { hosted, rust };
    this.#disassembler = new Disassembler(hosted);
    this.#cache = new BuildCache(join(dataDir, "cache", "builds"), maxCacheBytes);
  }

  async build(
    files: ProjectFiles,
    {
      hint,
      language: asked = null,
      flags,
      onEvent = () => undefined,
      signal,
      manifest = readManifest(files),
    }: BuildOptions,
  ): Promise<Build> {
    const language = detectLanguage(files, { asked: asked ?? manifest.language ?? null, hint });
    const compiler = await this.#compiler(language);
    const job = {
      language,
      compiler,
      files: new Map([...files].filter(([name]) => compiler.reads(name))),
      flags: [...(manifest.flags ?? []), ...flags],
      onEvent,
      signal: this.#anySignal(signal),
    };
    const key = cacheKey({ ...job, fingerprint: await compiler.fingerprint() });
    const known = await this.#cache.get(key);
    if (known !== undefined) return { language, ...known, cached: true };
    const queued = (queuePosition: number): void => onEvent({ kind: "queued", queuePosition });
    const build = await this.#queue(language).run(() => this.#compile(job), job.signal, queued);
    await this.#cache.put(key, build);
    return build;
  }

  async prewarm(language: Language): Promise<void> {
    const compiler = await this.#compiler(language);
    await this.#queue(language).run(
      () => compiler.prewarm(),
      this.#closed.signal,
      () => undefined,
    );
  }

  async symbolize(
    wasm: Uint8Array,
    offsets: readonly number[],
    signal?: AbortSignal,
  ): Promise<readonly (readonly SourceFrame[])[]> {
    const mapped = lookUpSourceMap(wasm, offsets);
    if (mapped !== null) return mapped;
    const compiler = await this.#compiler(SYMBOLIZER);
    const either = AbortSignal.any([this.#anySignal(signal), AbortSignal.timeout(this.#limits.buildMs)]);
    return this.#queue(SYMBOLIZER).run(
      async () => (await compiler.symbolize?.(wasm, offsets, either)) ?? [],
      either,
      () => undefined,
    );
  }

  moduleText(wasm: Uint8Array, signal?: AbortSignal): Promise<string> {
    return this.#disassembler.text(wasm, this.#anySignal(signal));
  }

  async close(): Promise<void> {
    this.#closed.abort(new TerrariumError("TER_BUILD_STOPPED"));
    await Promise.all([
      this.#disassembler.close(),
      ...this.#compilers.values().map(async (compiler) => (await compiler).close()),
    ]);
  }

  async #compile({ language, compiler, files, flags, onEvent, signal }: Job): Promise<Build> {
    onEvent({ kind: "phase", phase: "compile", label: `Compiling ${language}` });
    const output = new BoundedText(this.#limits.buildLogBytes);
    // Compilers write in pieces; people and logs get whole lines.
    const lines = new WholeLines((text) => {
      const kept = output.append(text);
      if (kept !== "") onEvent({ kind: "output", text: kept });
    });
    const keep = (event: BuildEvent): void =>
      event.kind === "output" ? lines.write(event.text) : onEvent(event);
    const late = new AbortController();
    const either = AbortSignal.any([signal, late.signal]);
    const timer = setTimeout(
      () =>
        late.abort(
          new TerrariumError("TER_BUILD_TIMEOUT", { language, seconds: this.#limits.buildMs / 1000 }),
        ),
      this.#limits.buildMs,
    );
    try {
      const watched = { signal: either, language, end: (error: TerrariumError) => late.abort(error) };
      const result = await this.#memory.during(watched, () =>
        compiler.compile(files, { flags, onEvent: keep, signal: either }),
      );
      lines.end();
      if (!result.ok) throw new BuildFailure(result.diagnostics, output.toString());
      return {
        language,
        wasm: result.wasm,
        diagnostics: result.diagnostics,
        output: output.toString(),
        cached: false,
      };
    } finally {
      clearTimeout(timer);
    }
  }

  #compiler(language: Language): Promise<Compiler> {
    const compiler = this.#compilers.get(language) ?? loadCompiler(language, this.#settings);
    this.#compilers.set(language, compiler);
    return compiler;
  }

  #queue(language: Language): BuildQueue {
    const queue = this.#queues.get(language) ?? new BuildQueue(this.#limits.buildQueue);
    this.#queues.set(language, queue);
    return queue;
  }

  #anySignal(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
  }
}

interface Job {
  readonly language: Language;
  readonly compiler: Compiler;
  readonly files: ProjectFiles;
  readonly flags: readonly string[];
  readonly onEvent: (event: BuildEvent) => void;
  readonly signal: AbortSignal;
}
