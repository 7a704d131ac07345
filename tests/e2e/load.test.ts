// Twenty thousand requests, one in a hundred of which faults: every one gets its own answer.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ECHO, FAULTS } from "./echo-program.ts";
import { Platform, temporaryFolder } from "./platform.ts";
import { writeProject } from "./programs.ts";
import { inParallel, openClient, PROTOCOLS, type Received, type Sent } from "./traffic.ts";

const REQUESTS = 20_000;
const CONNECTIONS = 32;
const FAULTS_PER_REQUESTS = 100;

const data = temporaryFolder();
const projects = temporaryFolder();
let platform: Platform;
let id = "";
beforeAll(async () => {
  platform = await Platform.start(data.path, ["--edges", "2", "--log-level", "silent"]);
  ({ id } = await platform.deploy(writeProject(join(projects.path, "echo"), ECHO)));
});
afterAll(async () => {
  await platform.stop();
  data[Symbol.dispose]();
  projects[Symbol.dispose]();
});

interface Case {
  readonly sent: Sent;
  readonly expected: Pick<Received, "status" | "body" | "error">;
}

const LETTERS = [...Object.keys(FAULTS), "p"] as (keyof typeof FAULTS | "p")[];

/**
 * The n-th request of a protocol and what it must get. Every other one has a body, a few of them a large one.
 */
function nth(index: number, protocol: string): Case {
  const token = `${protocol.replace(/\W/g, "")}-${index}`;
  const body = index % 2 === 0 ? "" : `|${token}|`.repeat(index % 50 === 1 ? 700 : 3);
  const method = body === "" ? "GET" : "POST";
  if (index % FAULTS_PER_REQUESTS !== 7)
    return {
      sent: { method, path: `/${token}`, body },
      expected: { status: 200, body: `/${token}${body}`, error: undefined },
    };
  const letter = LETTERS[Math.floor(index / FAULTS_PER_REQUESTS) % LETTERS.length]!;
  const path = `/${letter}-${token}`;
  const [message, error] =
    letter === "p"
      ? [`The program panicked: ${path}`, "TER_GUEST_PANIC"]
      : [FAULTS[letter], "TER_GUEST_TRAP"];
  return { sent: { method, path, body }, expected: { status: 500, body: message, error } };
}

/** What differs from what was expected; a fault's text goes on with the source location. */
function difference({ sent, expected }: Case, received: Received): object | null {
  const body = expected.status === 200 ? received.body : received.body.split("\n", 1)[0];
  const same =
    received.status === expected.status && body === expected.body && received.error === expected.error;
  return same ? null : { sent: { ...sent, body: sent.body.slice(0, 50) }, expected, received };
}

describe(`${REQUESTS} requests at ${CONNECTIONS} connections, one in ${FAULTS_PER_REQUESTS} faulting`, () => {
  test.each(PROTOCOLS)("all get their own answers over %s", async (protocol) => {
    const client = openClient(platform, id, protocol, CONNECTIONS);
    const count = Math.ceil(REQUESTS / PROTOCOLS.length);
    const differences: object[] = [];
    let faults = 0;
    let answers = 0;
    await inParallel(count, CONNECTIONS, async (index) => {
      const one = nth(index, protocol);
      const received = await client.send(one.sent);
      answers++;
      if (received.status === 500) faults++;
      const wrong = difference(one, received);
      if (wrong !== null && differences.length < 5) differences.push(wrong);
    });
    client.close();
    expect(differences).toEqual([]);
    expect([answers, faults]).toEqual([count, Math.ceil((count - 7) / FAULTS_PER_REQUESTS)]);
  });
});
