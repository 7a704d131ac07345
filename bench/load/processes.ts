// Servers and clients of benchmarks as processes, each on a core of its own where the system can pin them.
import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createServer } from "node:net";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Load, LoadResult } from "./load.ts";

/** Core for the server and core for its client. */
const CORE = { server: 0, client: 1 } as const;

/** Looks, 50 ms apart, at a server that starts. */
const PATIENCE = 400;

const CAN_PIN = availableParallelism() > 1 && spawnSync("taskset", ["-c", "0", "true"]).status === 0;

/** As text, for the method of a figure. */
export const PINNED = CAN_PIN
  ? "server and client pinned to a core each"
  : "not pinned: this machine has one core or no taskset";

/** Pins a process with all its threads to the servers' core, where the system can. */
export function pinServer(pid: number | undefined): void {
  pin(pid, CORE.server);
}

function pin(pid: number | undefined, core: number): void {
  if (CAN_PIN && pid !== undefined) spawnSync("taskset", ["-a", "-c", "-p", String(core), String(pid)]);
}

/** One of Terrarium's modules as a server; it reports its port by message. */
export async function forkServer(
  module: string,
  args: readonly string[],
  execArgv: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = fork(module, args, { execArgv: [...execArgv] });
  const [port] = (await once(child, "message")) as [number];
  pinServer(child.pid);
  return { child, port };
}

/** A program of somebody else as a server; resolves when it answers. */
export async function spawnServer(
  command: string,
  args: (port: number) => readonly string[],
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const port = await freePort();
  const child = spawn(command, args(port), { stdio: "ignore" });
  const ended = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${command} ended with ${String(code)}`)));
  });
  try {
    await Promise.race([ended, untilItAnswers(port)]);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  ended.catch(() => undefined);
  pinServer(child.pid);
  return { child, port };
}

async function untilItAnswers(port: number): Promise<void> {
  for (let tries = 0; tries < PATIENCE; tries += 1) {
    if (await answers(port)) return;
    await setTimeout(50);
  }
  throw new Error("it does not answer");
}

/** A client process. */
export class LoadClient {
  readonly #child = fork(join(import.meta.dirname, "client.ts"));

  constructor() {
    pin(this.#child.pid, CORE.client);
  }

  async load(order: Load): Promise<LoadResult> {
    this.#child.send(order);
    const [result] = (await once(this.#child, "message")) as [LoadResult | { error: string }];
    if ("error" in result) throw new Error(result.error);
    return result;
  }

  close(): void {
    this.#child.disconnect();
  }
}

/** Runs a load in a client process of its own. */
export async function loadOnce(load: Load): Promise<LoadResult> {
  const client = new LoadClient();
  try {
    return await client.load(load);
  } finally {
    client.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ port, host: "127.0.0.1", timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on("error", () => resolve(false));
    asked.end();
  });
}
