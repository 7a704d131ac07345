// Owns one connection to a Redis server: commands and scripts with a deadline, errors in our own words.
import { createHash } from "node:crypto";
import { TerrariumError } from "../../errors/index.ts";
import type { RedisClient, RedisLibrary } from "./library.ts";

/** What is sent; the client copies bytes before a call returns. */
export type Argument = string | number | Uint8Array;
/** What the server answers: RESP2, strings as bytes. */
export type Reply = Buffer | number | null | readonly Reply[];

/** A call without an answer fails after this long; the client is told that it is not known what happened. */
const DEADLINE_MS = 2000;
/** A connection on which nothing arrives for this long, though it pings every second, is opened anew. */
const SILENCE_MS = 5000;
const PING_EVERY_MS = 1000;
/** Pause before the next attempt to connect. */
const RECONNECT_MS = 100;
/** Calls under way at once; beyond that they fail, so that no queue grows without a bound. */
const MAX_CALLS = 10_000;

export class Connection {
  readonly #client: RedisClient;
  readonly #deadlineMs: number;
  /** SHA-1 of each script that was run, by which the server knows it. */
  readonly #digests = new Map<string, string>();

  constructor(library: RedisLibrary, url: string, deadlineMs: number = DEADLINE_MS) {
    this.#deadlineMs = deadlineMs;
    this.#client = library
      .createClient({
        url,
        RESP: 2,
        disableOfflineQueue: true,
        commandsQueueMaxLength: MAX_CALLS,
        pingInterval: PING_EVERY_MS,
        socket: {
          connectTimeout: deadlineMs,
          socketTimeout: SILENCE_MS,
          reconnectStrategy: () => RECONNECT_MS,
        },
      })
      .withTypeMapping({ [library.RESP_TYPES.BLOB_STRING]: Buffer });
    // Each call that fails says so; the client reconnects by itself.
    this.#client.on("error", () => undefined);
  }

  /** Throws TER_STORE_UNAVAILABLE if there is no server. */
  async open(): Promise<void> {
    const failed = Promise.withResolvers<never>();
    const fail = (error: unknown): void => failed.reject(error);
    this.#client.once("error", fail);
    try {
      await Promise.race([this.#client.connect(), failed.promise]);
    } catch (error) {
      this.close();
      throw unavailable(messageOf(error), error);
    } finally {
      this.#client.off("error", fail);
    }
  }

  get isOpen(): boolean {
    return this.#client.isOpen;
  }

  close(): void {
    if (this.#client.isOpen) this.#client.destroy();
  }

  /** Throws TER_STORE_UNAVAILABLE. `waitMs` is how long the command itself blocks. */
  async call(command: readonly Argument[], waitMs = 0): Promise<Reply> {
    try {
      return await this.#send(command, waitMs);
    } catch (error) {
      throw toStoreError(error);
    }
  }

  /** Runs a script, which the server gets once. Throws TER_STORE_UNAVAILABLE. */
  async run(script: string, keys: readonly string[], args: readonly Argument[]): Promise<Reply> {
    let digest = this.#digests.get(script);
    if (digest === undefined) {
      digest = createHash("sha1").update(script).digest("hex");
      this.#digests.set(script, digest);
    }
    // Copied now: the caller may change its bytes before the server asks for the script.
    const rest = [keys.length, ...keys, ...args].map(toSend);
    try {
      return await this.#send(["EVALSHA", digest, ...rest], 0);
    } catch (error) {
      if (!messageOf(error).startsWith("NOSCRIPT")) throw toStoreError(error);
      return await this.call(["EVAL", script, ...rest]);
    }
  }

  #send(command: readonly Argument[], waitMs: number): Promise<Reply> {
    const answer = this.#client.sendCommand(command.map(toSend)) as Promise<Reply>;
    const deadline = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => deadline.reject(unavailable(`no answer within ${this.#deadlineMs} ms`)),
      this.#deadlineMs + waitMs,
    );
    return Promise.race([answer, deadline.promise]).finally(() => clearTimeout(timer));
  }
}

function toSend(argument: Argument): string | Buffer {
  if (typeof argument === "number") return String(argument);
  if (typeof argument === "string" || Buffer.isBuffer(argument)) return argument;
  return Buffer.from(argument);
}

function toStoreError(error: unknown): TerrariumError {
  return error instanceof TerrariumError ? error : unavailable(messageOf(error), error);
}

function unavailable(reason: string, cause?: unknown): TerrariumError {
  return new TerrariumError("TER_STORE_UNAVAILABLE", { reason }, { cause });
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
