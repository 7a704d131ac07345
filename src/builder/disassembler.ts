// Prints modules as text in a separate process: a module made to be hard to print ends that process and
// delays no build.
import { TerrariumError } from "../errors/index.ts";
import { BuildQueue } from "./build-queue.ts";
import { WAT_TOOLCHAIN } from "../languages/wat/compiler.ts";
import { MAX_TEXT_BYTES } from "../languages/wat/text.ts";
import { CompilerProcess } from "../compiler-host/worker/compiler-process.ts";

const MIB = 1024 * 1024;
/** Largest module that is printed; what fits on a page is far smaller. */
const MAX_MODULE_BYTES = 4 * MIB;
/**
 * While it writes, the assembler holds the text twice and some 30 bytes for each byte of the module: 512 MiB
 * are enough for everything that may be shown.
 */
const V8_FLAGS = ["--max-old-space-size=512", "--wasm-max-mem-pages=8192"];
const MAX_RSS_BYTES = 512 * MIB;
/** The largest modules shown take 1 s. */
const MAX_MS = 10_000;
const MAX_WAITING = 8;

export interface DisassemblerOptions {
  /** An empty folder, the process's working directory. */
  readonly folder: string;
  readonly idleMs: number;
  readonly maxMs?: number;
}

/** Writes modules as text, one at a time. */
export class Disassembler {
  readonly #process: CompilerProcess;
  readonly #queue = new BuildQueue(MAX_WAITING);
  readonly #maxMs: number;

  constructor({ folder, idleMs, maxMs = MAX_MS }: DisassemblerOptions) {
    this.#maxMs = maxMs;
    this.#process = new CompilerProcess({
      toolchain: WAT_TOOLCHAIN,
      label: "WAT",
      execArgv: V8_FLAGS,
      folder,
      idleMs,
      maxRssBytes: MAX_RSS_BYTES,
    });
  }

  /**
   * The text. Throws TER_MODULE_TEXT_TOO_LARGE, TER_MODULE_TEXT_UNBOUNDED, TER_WASM_INVALID, TER_TOO_MANY,
   * the signal's reason.
   */
  async text(wasm: Uint8Array, signal: AbortSignal): Promise<string> {
    if (wasm.byteLength > MAX_MODULE_BYTES)
      throw new TerrariumError("TER_MODULE_TEXT_TOO_LARGE", {
        used: wasm.byteLength,
        allowed: MAX_MODULE_BYTES,
      });
    return this.#queue.run(
      () => this.#write(wasm, signal),
      signal,
      () => undefined,
    );
  }

  close(): Promise<void> {
    return this.#process.stop();
  }

  async #write(wasm: Uint8Array, signal: AbortSignal): Promise<string> {
    const late = AbortSignal.timeout(this.#maxMs);
    try {
      const result = await this.#process.run(
        { kind: "disassemble", wasm },
        AbortSignal.any([signal, late]),
        () => undefined,
      );
      return result.kind === "disassembled" ? result.text : "";
    } catch (error) {
      signal.throwIfAborted();
      const isBroken =
        late.aborted || (error instanceof TerrariumError && error.code === "TER_BUILD_CRASHED");
      throw isBroken
        ? new TerrariumError("TER_MODULE_TEXT_UNBOUNDED", { allowed: MAX_TEXT_BYTES }, { cause: error })
        : error;
    }
  }
}
