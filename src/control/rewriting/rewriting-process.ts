// A process that rewrites one module: in a sandbox with nothing but our own code, where there is one.
import { type ChildProcess, fork } from "node:child_process";
import { childEnvironment } from "../../config/environment.ts";
import { edgeV8Flags } from "../../engine/v8-flags.ts";
import type { EdgeSandbox } from "../../sandbox/edge-sandbox.ts";
import { ownCode } from "../own-code.ts";
import { programPath } from "../program-path.ts";
import type { RewriteReply, RewriteRequest } from "./messages.ts";

/** Room for the objects created while rewriting a module of 64 MiB. */
const HEAP_MEGABYTES = 2048;

export class RewritingProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;
  readonly #located: Promise<void>;
  #pid: number | undefined;

  constructor(sandbox: EdgeSandbox | null) {
    const program = programPath("./main", import.meta.url);
    const execArgv = [...edgeV8Flags(), `--max-old-space-size=${HEAP_MEGABYTES}`];
    const env = childEnvironment();
    if (sandbox === null) {
      this.#child = fork(program, [], { execArgv, env, serialization: "advanced", stdio: "ignore" });
      this.#pid = this.#child.pid;
      this.#located = Promise.resolve();
    } else {
      const { child, pids } = sandbox.start([process.execPath, ...execArgv, program], {
        surroundings: { readable: ownCode(), writable: [] },
        env,
        hasNetwork: false,
        diesWithParent: true,
        serialization: "advanced",
      });
      this.#child = child;
      // Until then bubblewrap's child waits for bubblewrap, and would wait forever.
      this.#located = pids.then((found) => void (this.#pid = found?.own));
    }
    this.#ended = new Promise((_, reject) => {
      this.#child.once("exit", () => reject(new Error("The process ended")));
      this.#child.on("error", reject);
    });
    this.#ended.catch(() => undefined);
  }

  /** Undefined until it is known. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** Rejects if the process ends before it has answered. */
  ask(request: RewriteRequest): Promise<RewriteReply> {
    const reply = new Promise<RewriteReply>((resolve, reject) => {
      this.#child.once("message", resolve);
      this.#child.send(request, (error) => void (error !== null && reject(error)));
    });
    return Promise.race([reply, this.#ended]);
  }

  kill(): void {
    void this.#located.then(() => this.#child.kill("SIGKILL"));
  }
}
