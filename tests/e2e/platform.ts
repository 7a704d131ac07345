// A real platform for a test: the launcher, its supervisor and its edges, on ports of their own and a data
// directory that goes with the test.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { askLoopback, type HttpAnswer } from "../http/ask.ts";

const LAUNCHER = join(import.meta.dirname, "../../bin/terrarium.mjs");

export interface ReadyLine {
  readonly event: "ready";
  readonly url: string;
  readonly httpPort: number;
  readonly httpsPort: number | null;
  readonly pid: number;
  readonly dataDir: string;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly secure?: boolean;
  readonly ca?: string;
}

export interface HowToStart {
  /** Of another version, to compare with. */
  readonly launcher?: string;
  /** A command that runs the one that follows it. */
  readonly within?: readonly string[];
}

/** A data directory that outlives one platform, for tests that start several on it. */
export function temporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), "terrarium-e2e-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Runs `terrarium` to its end. */
export function terrarium(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly input?: string;
    /** Of another version, to compare with. */
    readonly launcher?: string;
  } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const env = { ...process.env, CI: "true", ...options.env };
    const child = execFile(
      process.execPath,
      [options.launcher ?? LAUNCHER, ...args],
      { cwd: options.cwd, env, maxBuffer: 64 << 20, timeout: 60_000 },
      (error, stdout, stderr) => {
        resolve({
          code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1,
          stdout,
          stderr,
        });
      },
    );
    child.stdin?.end(options.input ?? "");
  });
}

/** A running platform. */
export class Platform {
  readonly launcher: ChildProcess;
  readonly #launcherPath: string;
  readonly #readyLines: ReadyLine[] = [];
  readonly #otherLines: unknown[] = [];
  #wake: () => void = () => {};
  stderr = "";

  private constructor(args: readonly string[], env: NodeJS.ProcessEnv, how: HowToStart) {
    this.#launcherPath = how.launcher ?? LAUNCHER;
    const command = [process.execPath, this.#launcherPath, "serve", "--json", ...args];
    const [program = "", ...words] = [...(how.within ?? []), ...command];
    this.launcher = spawn(program, words, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.launcher.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    if (this.launcher.stdout !== null)
      createInterface({ input: this.launcher.stdout }).on("line", (line) => this.#hear(line));
    this.launcher.on("exit", () => this.#wake());
    // Without its launcher the rest of a platform ends by itself, also after a test that failed half-way.
    process.once("exit", () => this.launcher.kill("SIGKILL"));
  }

  /** Starts one on free ports and waits until it is ready. */
  static async start(
    dataDir: string,
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
    how: HowToStart = {},
  ): Promise<Platform> {
    const platform = new Platform(
      ["--listen", "127.0.0.1:0", "--listen-tls", "127.0.0.1:0", "--data", dataDir, ...args],
      env,
      how,
    );
    await platform.readyLine(1);
    return platform;
  }

  /** The n-th start of the supervisor (from 1). Rejects if the launcher ends before. */
  async readyLine(nth: number): Promise<ReadyLine> {
    for (;;) {
      const line = this.#readyLines[nth - 1];
      if (line !== undefined) return line;
      if (this.launcher.exitCode !== null || this.launcher.signalCode !== null)
        throw new Error(`the platform ended: ${this.stderr}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** How often the supervisor has started. */
  get starts(): number {
    return this.#readyLines.length;
  }

  get ready(): ReadyLine {
    const line = this.#readyLines.at(-1);
    if (line === undefined) throw new Error("not ready yet");
    return line;
  }

  get origin(): string {
    return `http://localhost:${this.ready.httpPort}`;
  }

  /** A request to a host below the platform's domain (empty: the domain itself), dialled at loopback. */
  ask(label: string, path: string, options: AskOptions = {}): Promise<HttpAnswer> {
    const { httpPort, httpsPort } = this.ready;
    const name = label === "" ? "localhost" : `${label}.localhost`;
    const port = options.secure === true ? httpsPort : httpPort;
    const request = {
      port: port ?? 0,
      path,
      method: options.method ?? "GET",
      headers: { host: `${name}:${port}`, ...options.headers },
    };
    if (options.secure !== true) return askLoopback(request, options.body);
    const trust = options.ca === undefined ? { rejectUnauthorized: false } : { ca: options.ca };
    return askLoopback(request, options.body, { servername: name, ...trust });
  }

  /** JSON of the API. */
  async api<T>(path: string, options: AskOptions = {}): Promise<T> {
    return JSON.parse((await this.ask("", path, options)).text) as T;
  }

  /** Lines of an NDJSON stream as they come; ends when the server ends it. */
  async *stream<T>(path: string): AsyncGenerator<T> {
    const request = httpRequest({
      host: "127.0.0.1",
      port: this.ready.httpPort,
      path,
      agent: false,
      headers: { host: `localhost:${this.ready.httpPort}`, accept: "application/x-ndjson" },
    });
    request.end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    // A reader that stops early cuts the answer off.
    response.on("error", () => {});
    let rest = "";
    try {
      for await (const chunk of response.setEncoding("utf8")) {
        const lines = (rest + String(chunk)).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) yield JSON.parse(line) as T;
      }
    } finally {
      request.destroy();
    }
  }

  /** Deploys by the command; returns what `--json` prints. */
  async deploy(
    folder: string,
    args: readonly string[] = [],
  ): Promise<{
    readonly id: string;
    readonly url: string;
    readonly token: string;
    readonly timings: Record<string, number>;
  }> {
    const { code, stdout, stderr } = await terrarium(
      ["deploy", folder, "--server", this.origin, "--json", ...args],
      { launcher: this.#launcherPath },
    );
    if (code !== 0) throw new Error(`deploy ended with ${code}: ${stdout}${stderr}`);
    return JSON.parse(stdout) as { id: string; url: string; token: string; timings: Record<string, number> };
  }

  /** Ends it as Ctrl-C does; resolves with the exit code. */
  async stop(signal: NodeJS.Signals = "SIGINT"): Promise<number | null> {
    if (this.launcher.exitCode !== null || this.launcher.signalCode !== null) return this.launcher.exitCode;
    const exit = once(this.launcher, "exit") as Promise<[number | null]>;
    this.launcher.kill(signal);
    return (await exit)[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #hear(line: string): void {
    const event = JSON.parse(line) as { event: string };
    if (event.event === "ready") this.#readyLines.push(event as ReadyLine);
    else this.#otherLines.push(event);
    this.#wake();
  }
}
