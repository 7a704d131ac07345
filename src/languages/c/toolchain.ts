// C, by clang and wasm-ld: every `src/**/*.c` and the library's own sources to objects, the objects to a WASI
// reactor.
import type { Tree } from "@yowasp/clang";
import { readSdk } from "../../compiler-host/sdk-folder.ts";
import type { Diagnostic } from "../../compiler-host/compiler.ts";
import type { ProjectFiles } from "../../project/files.ts";
import type { Toolchain, ToolchainJob, ToolchainResult } from "../../compiler-host/worker/protocol.ts";
import { allowDeepStack } from "../../wasm/index.ts";
import { parseClangText } from "./diagnostics.ts";
import { ClangDriver } from "./driver.ts";
import {
  C_FLAG_POLICY,
  COMPILE_FLAGS,
  librariesFor,
  linkArguments,
  SDK_INCLUDE,
  splitFlags,
  stackFor,
} from "./flags.ts";
import { checkFlags } from "../../compiler-host/flags.ts";
import { loadLlvm, runTool, treeOf } from "./llvm.ts";
import { type CompiledObject, type KeptObject, ObjectCache, objectKey, sizeOf } from "./object-cache.ts";
import { symbolizeDwarf } from "./symbolizer.ts";

const OBJECT_CACHE_BYTES = 64 * 1024 * 1024;
const SDK_SOURCES = ".terrarium/src";
const OUTPUT = "module.wasm";

/** The compiler; also the symbolizer, which is the same program. */
export async function createToolchain(): Promise<Toolchain> {
  const compiler = new ClangCompiler(await readSdk("c/include"), await readSdk("c/src"));
  return {
    warm: () => compiler.warm(),
    compile: (job) => compiler.compile(job),
    symbolize: symbolizeDwarf,
  };
}

class ClangCompiler {
  readonly #sdk: ProjectFiles;
  readonly #sdkSources: readonly string[];
  readonly #driver = new ClangDriver();
  readonly #objects = new ObjectCache(OBJECT_CACHE_BYTES);

  constructor(headers: ProjectFiles, sources: ProjectFiles) {
    const publicHeaders = [...headers].map(([name, bytes]) => [`${SDK_INCLUDE}/${name}`, bytes] as const);
    const placedSources = [...sources].map(([name, bytes]) => [`${SDK_SOURCES}/${name}`, bytes] as const);
    this.#sdk = new Map([...publicHeaders, ...placedSources]);
    this.#sdkSources = placedSources.map(([name]) => name).filter((name) => name.endsWith(".c"));
  }

  /** Loads LLVM and compiles the smallest program, so that code which every build uses is compiled too. */
  async warm(): Promise<void> {
    await loadLlvm();
    await this.compile({
      files: new Map([["src/main.c", Buffer.from('#include <stdio.h>\nvoid run(void) { puts(""); }\n')]]),
      flags: [],
      write: () => undefined,
    });
  }

  async compile(job: ToolchainJob): Promise<ToolchainResult> {
    checkFlags(job.flags, C_FLAG_POLICY);
    for (const { key, value } of job.parts ?? []) this.#objects.adopt(key, value as KeptObject);
    const files = new Map([...job.files].filter(([name]) => !name.startsWith("usr/")));
    for (const [name, bytes] of this.#sdk) files.set(name, bytes);
    const { compile, link } = splitFlags(job.flags);
    const flags = [...COMPILE_FLAGS, ...includeFlags(job.files), ...compile];
    const sources = [...job.files.keys()].filter((name) => /^src\/.*\.c$/.test(name)).sort();
    const diagnostics: Diagnostic[] = [];
    // Named after their sources, for the linker's messages.
    const objects = new Map<string, Uint8Array>();
    let areFramesFixed = true;
    for (const source of [...sources, ...this.#sdkSources]) {
      const compiled = await this.#compileFile(source, flags, files, job);
      diagnostics.push(...parseClangText(compiled.text));
      if (compiled.object !== null) {
        objects.set(`${source}.o`, compiled.object);
        areFramesFixed &&= !compiled.hasDynamicFrames;
      } else if (compiled.isFatal) break;
    }
    if (objects.size < sources.length + this.#sdkSources.length)
      return { wasm: null, diagnostics: withError(diagnostics) };
    const texts = job.files
      .entries()
      .filter(isCSource)
      .map(([, bytes]) => bytes);
    const stack = areFramesFixed ? stackFor(texts, link) : "whole";
    const libraries = librariesFor(objects.values());
    const linkLine = linkArguments([...objects.keys()], link, OUTPUT, libraries, stack);
    const linked = await this.#link(linkLine, objects, diagnostics, job.write);
    if (linked.wasm === null || stack === "whole") return linked;
    return { ...linked, wasm: allowDeepStack(linked.wasm) };
  }

  async #compileFile(
    source: string,
    flags: readonly string[],
    files: ProjectFiles,
    { write, finished }: ToolchainJob,
  ): Promise<CompiledObject | Failed> {
    // The library's sources see nothing of the project, so that they stay compiled for all projects.
    const visible = this.#sdkSources.includes(source) ? this.#sdk : files;
    const key = objectKey(source, flags, visible);
    const cached = this.#objects.get(key, visible);
    if (cached !== undefined) {
      write(cached.text);
      return cached;
    }
    const compiled = await this.#driver.compile(source, flags, visible, write);
    if (compiled.object === null) return { object: null, text: compiled.text, isFatal: compiled.isFatal };
    const { object, text, hasDynamicFrames } = compiled;
    const result = { object, text, hasDynamicFrames };
    const kept = this.#objects.put(key, result, compiled.dependencies, visible);
    finished?.({ key, value: kept, bytes: sizeOf(kept) });
    return result;
  }

  async #link(
    line: readonly string[],
    objects: ReadonlyMap<string, Uint8Array>,
    diagnostics: Diagnostic[],
    write: (text: string) => void,
  ): Promise<ToolchainResult> {
    const run = await runTool(line, treeOf(objects), write);
    diagnostics.push(...parseClangText(run.stderr));
    const wasm = (run.files as Tree)[OUTPUT];
    if (!run.ok || !(wasm instanceof Uint8Array)) return { wasm: null, diagnostics: withError(diagnostics) };
    return { wasm, diagnostics };
  }
}

function isCSource([name]: readonly [name: string, bytes: Uint8Array]): boolean {
  return /\.(c|h)$/.test(name);
}

interface Failed {
  readonly object: null;
  readonly text: string;
  readonly isFatal: boolean;
}

/** Where `#include` looks besides the including file's folder. */
function includeFlags(files: ProjectFiles): string[] {
  const names = [...files.keys()];
  const folders = ["src", "include"].filter((folder) => names.some((name) => name.startsWith(`${folder}/`)));
  return [...folders, ".", SDK_INCLUDE].map((folder) => `-I${folder}`);
}

function withError(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.some(({ severity }) => severity === "error")) return diagnostics;
  return [
    ...diagnostics,
    {
      severity: "error",
      file: null,
      line: null,
      column: null,
      message: "The compiler failed without naming a source location",
    },
  ];
}
