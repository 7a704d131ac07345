// What a server has to be before anything is written to it.
import { TerrariumError } from "../../errors/index.ts";
import type { Connection } from "./connection.ts";
import { GLOBAL } from "./keys.ts";

/** Format of the keys. Raise it with a migration when their meaning changes. */
const FORMAT_VERSION = 1;
/** The first version with all the commands that are used. */
const FIRST_MAJOR = 7;

/**
 * Throws TER_STORE_SERVER_UNFIT if the server is too old, a replica, a sentinel or part of a cluster, or
 * would evict keys; TER_STORE_NEWER_FORMAT if a later version of Terrarium wrote to it.
 */
export async function requireFitServer(connection: Connection): Promise<void> {
  const info = infoOf(String(await connection.call(["INFO", "everything"])));
  const version = info["redis_version"] ?? "";
  if (Number.parseInt(version, 10) < FIRST_MAJOR)
    throw unfit(`it is Redis ${version}`, `Use Redis ${FIRST_MAJOR} or newer`);
  if (info["redis_mode"] !== "standalone")
    throw unfit(
      `it runs in mode "${info["redis_mode"]}"`,
      "Name a single server; Sentinel and Cluster are not supported yet",
    );
  if (info["role"] !== "master") throw unfit("it is a replica", "Name the primary, which accepts writes");
  const policy = info["maxmemory_policy"] ?? "";
  if (policy !== "noeviction")
    throw unfit(
      `its maxmemory-policy is "${policy}"`,
      'Set "maxmemory-policy noeviction" in its configuration',
    );
  await claim(connection);
}

/** Marks a server that is new with our format. */
async function claim(connection: Connection): Promise<void> {
  await connection.call(["SET", GLOBAL.format, FORMAT_VERSION, "NX"]);
  const found = Number(await connection.call(["GET", GLOBAL.format]));
  if (found > FORMAT_VERSION)
    throw new TerrariumError("TER_STORE_NEWER_FORMAT", { found, known: FORMAT_VERSION });
}

function unfit(reason: string, fix: string): TerrariumError {
  return new TerrariumError("TER_STORE_SERVER_UNFIT", { reason, fix });
}

/** Lines `name:value` of the command INFO. */
function infoOf(text: string): Record<string, string> {
  const lines = text.split("\r\n").filter((line) => line.includes(":"));
  return Object.fromEntries(lines.map((line) => line.split(/:(.*)/, 2)));
}
