// Serves odd HTTP/1 replies and reads them in two ways: by curl itself, and by a program's request.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { promisify } from "node:util";
import { createOutbound } from "../../src/hostcalls/index.ts";
import { parseTarget } from "../../src/hostcalls/http/target.ts";

const run = promisify(execFile);
const TOTAL_MS = 5000;

/** A reply as a client understood it; `x`: the header of that name, blanks made one. */
export interface Understood {
  readonly status: number;
  readonly body: string;
  readonly x: string | null;
}

/** What a reader made of a reply: what it understood, or why it gave up. */
export type Reading = { readonly reply: Understood } | { readonly failure: string };

/** Answers every connection with the reply of the moment. */
export class ReplyServer {
  #reply: Buffer = Buffer.alloc(0);
  readonly #server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(this.#reply));
  });

  static async start(): Promise<ReplyServer> {
    const server = new ReplyServer();
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  /** `host` may begin with user information. */
  url(user = ""): string {
    return `http://${user}127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Text stands for bytes, one per character. */
  serve(reply: string | Uint8Array): void {
    this.#reply = typeof reply === "string" ? Buffer.from(reply, "latin1") : Buffer.from(reply);
  }

  close(): void {
    this.#server.close();
  }
}

/** curl's reading, with its decoding on. */
export async function byCurl(url: string): Promise<Reading> {
  const format = "\n%{http_code}\n%{header_json}";
  const args = ["-sS", "--compressed", "--max-time", String(TOTAL_MS / 1000), "-w", format, url];
  try {
    const { stdout } = await run("curl", args, { encoding: "latin1" });
    const [, body = "", status, json = "{}"] = /^([^]*)\n(\d+)\n(\{[^]*)$/.exec(stdout) ?? [];
    const x = (JSON.parse(json) as Record<string, readonly string[]>)["x"]?.[0];
    return { reply: { status: Number(status), body, x: plain(x) } };
  } catch (error) {
    return { failure: String((error as { stderr?: string }).stderr ?? error).trim() };
  }
}

/** A program's reading, as the platform requests for it. */
export async function byProgram(target: string): Promise<Reading> {
  const outbound = createOutbound({
    resolver: { raw: () => Promise.reject(new Error()), addresses: () => Promise.reject(new Error()) },
    limits: { maxHeaderBytes: 16_384, maxBodyBytes: 100_000 },
    allowNet: ["127.0.0.0/8"],
    resolve: [],
    caFiles: [],
    totalMs: TOTAL_MS,
  });
  const url = parseTarget(target);
  if (url === null) return { failure: "the URL is malformed" };
  const request = { method: "GET", url, headers: [], body: Buffer.alloc(0) };
  const grant = { signal: new AbortController().signal, spend: () => undefined, receive: () => undefined };
  try {
    const { status, body, headers } = await outbound
      .forRun({ depth: 0, budget: { left: 0 } })
      .send(request, grant);
    const x = headers.find(([name]) => name.toLowerCase() === "x")?.[1];
    return { reply: { status, body: Buffer.from(body).toString("latin1"), x: plain(x) } };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}

/** Blanks between folded lines are joined in more than one way. */
function plain(x: string | undefined): string | null {
  return x?.replace(/\s+/g, " ").trim() ?? null;
}
