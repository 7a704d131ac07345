// Compares how programs and curl read random replies until the time is over:
// `node bin/node26.mjs scripts/fuzz-upstreams.ts [minutes] [seed]`; tests/upstreams/curl.test.ts is brief.
import * as fc from "fast-check";
import { differenceFromCurl } from "../tests/upstreams/difference.ts";
import { randomReply } from "../tests/upstreams/random-replies.ts";
import { ReplyServer } from "../tests/upstreams/replies.ts";

const [minutes = 60, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const endMs = performance.now() + minutes * 60_000;
const server = await ReplyServer.start();
const kinds = new Map<string, number>();
let replies = 0;
for (let round = 0; performance.now() < endMs; round += 1)
  for (const reply of fc.sample(randomReply, { numRuns: 100, seed: seed + round })) {
    replies += 1;
    const difference = await differenceFromCurl(server, reply);
    if (difference === null) continue;
    const count = (kinds.get(difference) ?? 0) + 1;
    kinds.set(difference, count);
    if (count === 1) process.stdout.write(`${difference}\n${JSON.stringify(reply.toString("latin1"))}\n\n`);
  }
server.close();
process.stdout.write(`${replies} replies, seed ${seed}: ${kinds.size} kinds of difference\n`);
process.exitCode = kinds.size === 0 ? 0 : 1;
