// Parsing in a process of its own. What strangers send must not keep the supervisor from watching its edges:
// a job that takes too long, or too much memory, ends that process and nothing else. A thread would not do:
// V8 ends the whole process when one of its threads runs out of memory while it is being ended.
import { type ChildProcess, fork } from "node:child_process";
import { childEnvironment } from "../../config/environment.ts";
import { fromWire, TerrariumError } from "../../errors/index.ts";
import { programPath } from "../program-path.ts";
import type { ParseJobName, ParseJobs, ParseReply } from "./jobs.ts";

/** Several times what the largest allowed input takes on a busy machine. */
const MAX_PARSE_MS = 10_000;
/** JSON of 45 MB is a string of 45 MB, and its archive is held outside of this heap. */
const HEAP_MEGABYTES = 256;

/** One process, started at the first job and kept; jobs come one after the other. */
export class Parser {
  readonly #maxMs: number;
  #process: ChildProcess | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(maxMs: number = MAX_PARSE_MS) {
    this.#maxMs = maxMs;
  }

  /** Starts the process, so that the first job finds it. */
  prewarm(): void {
    this.#process ??= start();
  }

  /** Throws what the job refuses its input with; TER_PARSE_LIMIT for one that takes too much. */
  parse<Name extends ParseJobName>(
    name: Name,
    input: ParseJobs[Name]["input"],
  ): Promise<ParseJobs[Name]["output"]> {
    const job = this.#last.then(() => this.#run(name, input));
    this.#last = job.catch(() => undefined);
    return job;
  }

  /** Ends the process. A job under way rejects. */
  close(): void {
    this.#process?.kill("SIGKILL");
    this.#process = null;
  }

  async #run<Name extends ParseJobName>(
    name: Name,
    input: ParseJobs[Name]["input"],
  ): Promise<ParseJobs[Name]["output"]> {
    const child = (this.#process ??= start());
    const { promise, resolve, reject } = Promise.withResolvers<ParseReply>();
    const late = setTimeout(() => reject(beyond(`${this.#maxMs} ms`)), this.#maxMs);
    const onExit = () => reject(beyond(`${HEAP_MEGABYTES} MB of memory`));
    child.once("message", resolve).once("error", reject).once("exit", onExit);
    child.send({ name, input }, (error) => void (error !== null && reject(error)));
    let reply: ParseReply;
    try {
      reply = await promise;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      clearTimeout(late);
      child.off("message", resolve).off("error", reject).off("exit", onExit);
    }
    if (reply.kind === "refused") throw fromWire(reply.error);
    return reply.output;
  }
}

function beyond(limit: string): TerrariumError {
  return new TerrariumError("TER_PARSE_LIMIT", { limit });
}

function start(): ChildProcess {
  const child = fork(programPath("./main", import.meta.url), [], {
    execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
    env: childEnvironment(),
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  // Waiting callers are told of the error elsewhere; without a listener it would end this process.
  child.on("error", () => undefined);
  return child;
}
