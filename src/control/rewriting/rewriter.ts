// Rewrites each module in a process of its own, where V8 compiles it for the first time. What takes too long
// or too much memory there, or breaks V8, ends that process and nothing else, and never reaches an edge.
import { readFileSync } from "node:fs";
import type { Limits } from "../../config/index.ts";
import { fromWire, TerrariumError } from "../../errors/index.ts";
import type { EdgeSandbox } from "../../sandbox/edge-sandbox.ts";
import type { RewrittenModule } from "../../wasm/index.ts";
import type { RewriteReply, RewriteRequest } from "./messages.ts";
import { RewritingProcess } from "./rewriting-process.ts";

export type RewriteLimits = Pick<Limits, "memoryPages" | "tableEntries" | "compileMs" | "compileBytes">;

const LOOK_EVERY_MS = 20;
const PAGE_BYTES = 4096;

/** One module after the other. The next process is started ahead. */
export class Rewriter {
  readonly #limits: RewriteLimits;
  readonly #sandbox: EdgeSandbox | null;
  #next: RewritingProcess | null = null;
  #current: RewritingProcess | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** `sandbox`: null if processes run without. */
  constructor(limits: RewriteLimits, sandbox: EdgeSandbox | null) {
    this.#limits = limits;
    this.#sandbox = sandbox;
  }

  /** Starts the next process, so that a module finds it. */
  prewarm(): void {
    if (!this.#closed) this.#next ??= new RewritingProcess(this.#sandbox);
  }

  /** Checks and rewrites. Throws TER_WASM_*. */
  rewrite(wasm: Uint8Array): Promise<RewrittenModule> {
    const job = this.#last.then(() => this.#run(wasm));
    this.#last = job.catch(() => undefined);
    return job;
  }

  /** Ends all processes. A module under way is refused. */
  close(): void {
    this.#closed = true;
    this.#next?.kill();
    this.#current?.kill();
  }

  async #run(wasm: Uint8Array): Promise<RewrittenModule> {
    const { memoryPages, tableEntries } = this.#limits;
    const process = this.#next ?? new RewritingProcess(this.#sandbox);
    this.#next = null;
    this.#current = process;
    try {
      const request = { wasm, maxMemoryPages: memoryPages, maxTableEntries: tableEntries };
      return moduleOf(await this.#withinLimits(process, request));
    } finally {
      this.#current = null;
      process.kill();
      this.prewarm();
    }
  }

  async #withinLimits(process: RewritingProcess, request: RewriteRequest): Promise<RewriteReply> {
    const { compileMs, compileBytes } = this.#limits;
    const { promise: beyond, reject } = Promise.withResolvers<never>();
    const late = setTimeout(
      () => reject(new TerrariumError("TER_WASM_COMPILE_TIMEOUT", { allowed: compileMs })),
      compileMs,
    );
    const memory = new TerrariumError("TER_WASM_COMPILE_MEMORY", { allowed: compileBytes });
    const watch = setInterval(() => {
      if (residentBytes(process.pid) > compileBytes) reject(memory);
    }, LOOK_EVERY_MS);
    const ended = () => {
      if (!this.#closed) throw memory;
      throw new TerrariumError("TER_INTERNAL", { reason: "the server ends" });
    };
    try {
      return await Promise.race([beyond, process.ask(request).catch(ended)]);
    } finally {
      clearTimeout(late);
      clearInterval(watch);
    }
  }
}

/** Memory of a process; 0 where the system does not tell. */
function residentBytes(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}

function moduleOf(reply: RewriteReply): RewrittenModule {
  if (reply.kind === "rewritten") return reply.module;
  if (reply.kind === "refused") throw fromWire(reply.error);
  throw new TerrariumError("TER_INTERNAL", { reason: reply.reason });
}
