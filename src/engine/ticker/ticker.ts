// The one ticker thread of a process and the memory that guests read their kill word from.
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { ControlBlock } from "./control-block.ts";
import { threadStatPath } from "./cpu-clock.ts";
import { ProgramNames } from "./program-names.ts";
import type { TickerData } from "./thread.ts";

/** Next to this file, with its extension: `.ts` in development, `.js` in the package. */
const THREAD = new URL(`./thread${extname(import.meta.url)}`, import.meta.url);

/** Kill word, control block and the thread that watches them. */
export class Ticker {
  /** Import `terrarium.kill` of every guest. */
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  readonly block: ControlBlock;
  readonly names = new ProgramNames();
  #stuckFile: string | null = null;
  #thread: Worker | null = null;
  #users = 0;
  #ready: Promise<void> = Promise.resolve();

  constructor() {
    this.block = new ControlBlock(this.#buffer());
  }

  /**
   * Starts the thread for the first user, whose file for stuck programs is used. No guest may run before the
   * promise resolves.
   */
  retain(stuckFile: string | null): Promise<void> {
    if (this.#users++ === 0) {
      this.#stuckFile = stuckFile;
      this.#start();
    }
    return this.#ready;
  }

  /** Stops the thread with the last user. */
  async release(): Promise<void> {
    if (--this.#users > 0) return;
    const thread = this.#thread;
    this.#thread = null;
    this.block.stop();
    await thread?.terminate();
  }

  #start(): void {
    const workerData: TickerData = {
      memory: this.#buffer(),
      statPath: threadStatPath(),
      zeroMs: Number(process.hrtime.bigint()) / 1e6 - performance.now(),
      names: this.names.buffer,
      stuckFile: this.#stuckFile,
    };
    this.block.restart();
    const thread = new Worker(THREAD, {
      workerData,
      name: "terrarium-ticker",
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 32 },
    });
    this.#ready = new Promise((resolve) => {
      thread.once("message", () => {
        thread.unref();
        resolve();
      });
    });
    thread.on("exit", () => this.#revive(thread));
    thread.on("error", () => undefined);
    this.#thread = thread;
  }

  /** Without a ticker nothing stops a loop, so one that ends by itself is replaced. */
  #revive(thread: Worker): void {
    if (this.#thread === thread) this.#start();
  }

  #buffer(): SharedArrayBuffer {
    return this.memory.buffer as unknown as SharedArrayBuffer;
  }
}

let shared: Ticker | undefined;

/** The ticker of this process. */
export function processTicker(): Ticker {
  shared ??= new Ticker();
  return shared;
}
