// LLVM as a Wasm program in this process: runs one tool over an in-memory file system, without access to the
// machine.
import { Exit, runLLVM, type Tree } from "@yowasp/clang";

/** The result of one run of a tool. `files` is the whole file system afterwards. */
export interface LlvmRun {
  readonly ok: boolean;
  readonly files: Tree;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a tool of the LLVM multicall program (`clang`, `wasm-ld`, `symbolizer`) from a fresh instance. `write`
 * receives its standard error as it arrives. Rejects if the tool crashes, as it does when it runs out of
 * memory.
 */
export async function runTool(
  argv: readonly string[],
  files: Tree,
  write: (text: string) => void = () => undefined,
): Promise<LlvmRun> {
  const [stdout, stderr] = [new TextSink(() => undefined), new TextSink(write)];
  const options = {
    stdout: stdout.take,
    stderr: stderr.take,
    decodeASCII: false,
    fetchProgress: () => undefined,
  };
  const finish = (ok: boolean, after: Tree): LlvmRun => ({
    ok,
    files: after,
    stdout: stdout.text,
    stderr: stderr.text,
  });
  try {
    return finish(true, (await runLLVM([...argv], files, options)) ?? {});
  } catch (error) {
    if (error instanceof Exit) return finish(false, error.files);
    throw new Error(brokenReason(error, stderr.text), { cause: error });
  }
}

function brokenReason(error: unknown, stderr: string): string {
  if (/out of memory|bad_alloc/i.test(stderr) || error instanceof RangeError) return "it ran out of memory";
  const [line] = stderr.split("\n").filter((text) => /error/i.test(text));
  return (
    line ??
    `it broke (${error instanceof Error ? error.message : String(error)}), most often for want of memory`
  );
}

/** Loads and compiles the program, which takes a second or two, without running anything. */
export async function loadLlvm(): Promise<void> {
  await runLLVM(undefined, undefined, { fetchProgress: () => undefined });
}

/** The files as a nested tree. Null prototypes, because strangers choose the names. */
export function treeOf(files: Iterable<readonly [name: string, contents: Uint8Array]>): Tree {
  const root = emptyTree();
  for (const [name, contents] of files) {
    const segments = name.split("/");
    const last = segments.pop() ?? name;
    let folder = root;
    for (const segment of segments) folder = (folder[segment] ??= emptyTree()) as Tree;
    folder[last] = contents;
  }
  return root;
}

function emptyTree(): Tree {
  return Object.create(null) as Tree;
}

class TextSink {
  text = "";
  readonly #decoder = new TextDecoder();
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  readonly take = (bytes: Uint8Array | null): void => {
    const text = bytes === null ? "" : this.#decoder.decode(bytes, { stream: true });
    // A flood of messages must not fill this process; what users see is limited elsewhere.
    if (text === "") return;
    if (this.text.length < MAX_KEPT_CHARACTERS) this.text += text;
    this.#write(text);
  };
}

const MAX_KEPT_CHARACTERS = 4 * 1024 * 1024;
