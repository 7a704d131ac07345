// Counts the files and functions of src/ that one warm GET of a "hello" program runs through, from the socket
// to the last byte, by V8's precise coverage. `node bin/node26.mjs --jspi scripts/warm-get.ts [--list]`.
import { once } from "node:events";
import { Session } from "node:inspector/promises";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BENCH_HOST, serve } from "../bench/load/served.ts";

/** Requests before the one that counts: caches are full, the program has a pool. */
const WARM_UP = 200;
const REQUEST = `GET / HTTP/1.1\r\nhost: ${BENCH_HOST}\r\n\r\n`;
const sources = join(import.meta.dirname, "../src/");

const session = new Session();
session.connect();
const socket = createConnection({ host: "127.0.0.1", port: await serve("edge, WAT hello") });
socket.setEncoding("latin1");
await once(socket, "connect");
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
for (let request = 0; request < WARM_UP; request += 1) await ask(socket);
// Taking the coverage sets all counts to 0.
await session.post("Profiler.takePreciseCoverage");
await ask(socket);
const { result } = await session.post("Profiler.takePreciseCoverage");
const called = new Map<string, string[]>();
for (const { url, functions } of result) {
  if (!url.startsWith("file:") || !fileURLToPath(url).startsWith(sources)) continue;
  const names = functions
    .filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0)
    .map(({ functionName }) => functionName || "(anonymous)");
  if (names.length > 0) called.set(fileURLToPath(url).slice(sources.length), names);
}
const functions = called.values().reduce((sum, names) => sum + names.length, 0);
if (process.argv.includes("--list"))
  for (const [file, names] of [...called].sort()) process.stdout.write(`${file}: ${names.join(", ")}\n`);
process.stdout.write(`A warm GET runs ${functions} functions in ${called.size} files\n`);
process.exit(0);

/** One request on a connection that stays open; the body of the answer is "Hello". */
async function ask(socket: Socket): Promise<void> {
  socket.write(REQUEST);
  let received = "";
  while (!received.endsWith("Hello")) received += ((await once(socket, "data")) as [string])[0];
  if (!received.startsWith("HTTP/1.1 200 ")) throw new Error(`The edge answered ${received}`);
}
