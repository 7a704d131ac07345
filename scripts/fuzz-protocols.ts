// Sends random requests over HTTP/1.1, TLS and HTTP/2 until the time is over:
// `node bin/node26.mjs scripts/fuzz-protocols.ts [minutes] [seed]`. tests/protocols/ has a brief run.
import * as fc from "fast-check";
import { differencesOf } from "../tests/protocols/ask-all.ts";
import { type ProtocolRequest, randomRequest } from "../tests/protocols/random-requests.ts";

const [minutes = 60, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const endMs = performance.now() + minutes * 60_000;
let [sent, differences] = [0, 0];
function* requests(): Generator<ProtocolRequest> {
  for (let round = 0; performance.now() < endMs; round += 1)
    for (const request of fc.sample(randomRequest, { numRuns: 100, seed: seed + round })) {
      sent += 1;
      yield request;
    }
}
await differencesOf(requests(), (difference) => {
  differences += 1;
  process.stdout.write(`${difference}\n\n`);
});
process.stdout.write(`${sent} requests from seed ${seed}: ${differences} differences\n`);
process.exitCode = differences === 0 ? 0 : 1;
