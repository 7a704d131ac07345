// Owns a Redis server of its own for tests: on loopback, in a folder that goes with it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export class RedisServer {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(port: number, process: ChildProcess, folder: string) {
    this.url = `redis://127.0.0.1:${port}`;
    this.#process = process;
    this.#folder = folder;
  }

  /** Starts `redis-server` with these further options. Throws what it printed if it does not start. */
  static async start(options: readonly string[] = [], port?: number): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), "terrarium-redis-"));
    const chosen = port ?? (await freePort());
    const always = ["--bind", "127.0.0.1", "--port", String(chosen), "--dir", folder, "--save", ""];
    const child = spawn("redis-server", [...always, ...options], { stdio: ["ignore", "pipe", "inherit"] });
    const server = new RedisServer(chosen, child, folder);
    try {
      await isReady(child);
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Ends it, so that connections are refused. */
  async stop(): Promise<void> {
    if (
      this.#process.pid !== undefined &&
      this.#process.exitCode === null &&
      this.#process.signalCode === null
    ) {
      const ended = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Stops it from answering; connections stay open. */
  freeze(): void {
    this.#process.kill("SIGSTOP");
  }

  thaw(): void {
    this.#process.kill("SIGCONT");
  }
}

async function isReady(child: ChildProcess): Promise<void> {
  const failed = once(child, "error").then(([error]) => {
    throw new Error("cannot start redis-server; install it, as .ci/run does", { cause: error });
  });
  if (child.stdout === null) throw new Error("the server's output is a pipe");
  const lines = createInterface(child.stdout);
  let printed = "";
  const ready = Promise.withResolvers<void>();
  lines.on("line", (line) => {
    printed += `${line}\n`;
    if (line.includes("Ready to accept connections")) ready.resolve();
  });
  lines.on("close", () => ready.reject(new Error(`redis-server ended: ${printed}`)));
  await Promise.race([ready.promise, failed]);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("a TCP socket has a port");
  return address.port;
}
