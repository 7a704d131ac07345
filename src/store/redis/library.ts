// Loads the client library, which only this backend needs.
import type * as Library from "@redis/client";
import { TerrariumError } from "../../errors/index.ts";

export type RedisLibrary = typeof Library;

/** What we use of a client of the library. */
export interface RedisClient {
  readonly isOpen: boolean;
  connect(): Promise<unknown>;
  destroy(): void;
  sendCommand(command: readonly (string | Buffer)[]): Promise<unknown>;
  on(event: "error", listener: (error: unknown) => void): unknown;
  once(event: "error", listener: (error: unknown) => void): unknown;
  off(event: "error", listener: (error: unknown) => void): unknown;
}

/** Throws TER_CONFIG_INVALID if the package is not installed. */
export async function loadRedisLibrary(): Promise<RedisLibrary> {
  try {
    return await import("@redis/client");
  } catch (error) {
    const reason = "--store redis://… needs the package @redis/client. Run npm install @redis/client";
    throw new TerrariumError("TER_CONFIG_INVALID", { reason }, { cause: error });
  }
}
