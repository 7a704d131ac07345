// Rewrites on a separate thread: a module made to be slow must not keep the supervisor from watching its
// edges, and is abandoned at the limit.
import { Worker } from "node:worker_threads";
import type { Limits } from "../../config/index.ts";
import { fromWire, TerrariumError, type WireError } from "../../errors/index.ts";
import type { RewrittenModule } from "../../wasm/index.ts";

/** What the thread is asked to do. */
export interface RewriteRequest {
  readonly wasm: Uint8Array;
  readonly maxMemoryPages: number;
  readonly maxTableEntries: number;
}

/** What it sends back: a module, an error of the catalogue, or the text of a bug. */
export type RewriteReply =
  | { readonly kind: "rewritten"; readonly module: RewrittenModule }
  | { readonly kind: "refused"; readonly error: WireError }
  | { readonly kind: "broken"; readonly reason: string };

export type RewriteLimits = Pick<Limits, "memoryPages" | "tableEntries" | "compileMs">;

/** Room for the objects created while rewriting a module of 64 MiB. */
const HEAP_MEGABYTES = 2048;

/**
 * One thread, started for the first module and kept; it does one job at a time. It does not keep the process
 * alive between jobs.
 */
export class Rewriter {
  readonly #limits: RewriteLimits;
  #thread: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(limits: RewriteLimits) {
    this.#limits = limits;
  }

  /** Checks and rewrites. Throws TER_WASM_*; TER_WASM_COMPILE_TIMEOUT beyond `compileMs`. */
  rewrite(wasm: Uint8Array): Promise<RewrittenModule> {
    const job = this.#last.then(() => this.#run(wasm));
    this.#last = job.catch(() => undefined);
    return job;
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    await thread?.terminate();
  }

  async #run(wasm: Uint8Array): Promise<RewrittenModule> {
    const { memoryPages, tableEntries, compileMs } = this.#limits;
    const thread = (this.#thread ??= start());
    const { promise, resolve, reject } = Promise.withResolvers<RewriteReply>();
    const late = setTimeout(
      () => reject(new TerrariumError("TER_WASM_COMPILE_TIMEOUT", { allowed: compileMs })),
      compileMs,
    );
    const onExit = (): void => reject(new TerrariumError("TER_INTERNAL", { reason: "the rewriter ended" }));
    thread.ref();
    thread.once("message", resolve).once("error", reject).once("exit", onExit);
    thread.postMessage({
      wasm,
      maxMemoryPages: memoryPages,
      maxTableEntries: tableEntries,
    } satisfies RewriteRequest);
    try {
      return moduleOf(await promise);
    } catch (error) {
      if (
        !(error instanceof TerrariumError) ||
        error.code === "TER_WASM_COMPILE_TIMEOUT" ||
        error.code === "TER_INTERNAL"
      )
        await this.close();
      throw error;
    } finally {
      clearTimeout(late);
      thread.off("message", resolve).off("error", reject).off("exit", onExit).unref();
    }
  }
}

function start(): Worker {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const thread = new Worker(new URL(`./rewrite-thread.${extension}`, import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  });
  // Reported to whoever waits; without any listener it would end the process.
  thread.on("error", () => undefined);
  return thread;
}

function moduleOf(reply: RewriteReply): RewrittenModule {
  if (reply.kind === "rewritten") return reply.module;
  if (reply.kind === "refused") throw fromWire(reply.error);
  throw new TerrariumError("TER_INTERNAL", { reason: reply.reason });
}
