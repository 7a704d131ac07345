// One C file to one object. The driver translates each set of flags once (`clang -###`), and the result is
// kept; then each file costs one run of the compiler proper.
import type { ProjectFiles } from "../../project/files.ts";
import { runTool, treeOf } from "./llvm.ts";

const PLACEHOLDER = {
  source: ".terrarium/placeholder.c",
  base: "placeholder.c",
  object: ".terrarium/placeholder.o",
} as const;
const OBJECT = ".terrarium/out.o";
const DEPENDENCIES = ".terrarium/out.d";
const STACK_USAGE = ".terrarium/out.su";
/** Sets of flags whose translation is kept. */
const MAX_TEMPLATES = 100;

/** A null object: the compile failed, and the text says why. */
export interface DriverResult {
  readonly object: Uint8Array | null;
  readonly text: string;
  /** The flags are at fault, so no other file will compile either. */
  readonly isFatal: boolean;
  /** The project's files that the compile read. */
  readonly dependencies: readonly string[];
  /** Some function has a frame whose size is only known at run time: an array of variable length, `alloca`. */
  readonly hasDynamicFrames: boolean;
}

export class ClangDriver {
  readonly #templates = new Map<string, readonly string[]>();

  async compile(
    source: string,
    flags: readonly string[],
    files: ProjectFiles,
    write: (text: string) => void,
  ): Promise<DriverResult> {
    const template = await this.#template(flags, write);
    if (typeof template === "string") return failure(template, true);
    const tree = treeOf([...files, [".terrarium/empty", new Uint8Array()]]);
    const run = await runTool(
      [
        ...fillIn(template, source),
        "-dependency-file",
        DEPENDENCIES,
        "-MT",
        "object",
        "-stack-usage-file",
        STACK_USAGE,
      ],
      tree,
      write,
    );
    const outputs = run.files[".terrarium"] as Record<string, unknown> | undefined;
    const [object, dependencies, usage] = [outputs?.["out.o"], outputs?.["out.d"], outputs?.["out.su"]];
    if (!run.ok || !(object instanceof Uint8Array)) return failure(run.stderr, false);
    return {
      object,
      text: run.stderr,
      isFatal: false,
      dependencies: dependencies instanceof Uint8Array ? parseDependencies(dependencies) : [],
      hasDynamicFrames: !(usage instanceof Uint8Array) || /\tdynamic/.test(Buffer.from(usage).toString()),
    };
  }

  /** The compiler proper's arguments, or the driver's complaint about the flags. */
  async #template(
    flags: readonly string[],
    write: (text: string) => void,
  ): Promise<readonly string[] | string> {
    const key = JSON.stringify(flags);
    const known = this.#templates.get(key);
    if (known !== undefined) return known;
    const argv = ["clang", "-###", ...flags, "-c", PLACEHOLDER.source, "-o", PLACEHOLDER.object];
    const run = await runTool(argv, treeOf([[PLACEHOLDER.source, new Uint8Array()]]));
    const command = run.stderr.split("\n").find((line) => line.startsWith(' "'));
    if (!run.ok || command === undefined) {
      const text = run.stderr
        .split("\n")
        .filter((line) => line.startsWith("clang: "))
        .join("\n")
        .concat("\n");
      write(text);
      return text;
    }
    const template = unquote(command);
    if (this.#templates.size >= MAX_TEMPLATES) this.#templates.clear();
    this.#templates.set(key, template);
    return template;
  }
}

function failure(text: string, isFatal: boolean): DriverResult {
  return { object: null, text, isFatal, dependencies: [], hasDynamicFrames: false };
}

/**
 * The driver prints each argument in double quotes, with backslashes before quotes, backslashes and dollars.
 */
function unquote(command: string): string[] {
  const words = [...command.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = ""]) =>
    word.replaceAll(/\\(.)/g, "$1"),
  );
  return words[0] === "" ? words.slice(1) : words;
}

function fillIn(template: readonly string[], source: string): string[] {
  const replacements: ReadonlyMap<string, string> = new Map([
    [PLACEHOLDER.source, source],
    [PLACEHOLDER.base, source.slice(source.lastIndexOf("/") + 1)],
    [PLACEHOLDER.object, OBJECT],
  ]);
  return template.map((argument) => replacements.get(argument) ?? argument);
}

/** A rule of make: `object: src/main.c src/a\ b.h \`, lines joined by backslashes. */
function parseDependencies(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes)
    .toString()
    .replaceAll("\\\n", " ")
    .replace(/^object:/, "");
  const words = text.match(/(?:\\.|[^\s\\])+/g) ?? [];
  return words.map((word) => word.replaceAll(/\\(.)/g, "$1").replaceAll("$$", "$").replace(/^\.\//, ""));
}
