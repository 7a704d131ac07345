// Programs that want to hold the machine, on a running platform: each ends at its limit with a text that says
// so, the process that ran it lives on, and a neighbour on the same edge answers.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { CORPUS, NEIGHBOUR } from "./corpus.ts";
import { deploySources } from "./deploy.ts";

interface ServerView {
  readonly edges: readonly { readonly name: string; readonly pid: number }[];
}

/**
 * Far beyond limit + 20 ms, for a machine that runs other tests too; `bench/kill.ts` measures the promise
 * itself.
 */
const ENDED_WITHIN_MS = 5000;

const data = temporaryFolder();
let platform: Platform;
let neighbour: string;

beforeAll(async () => {
  platform = await Platform.start(data.path, ["--edges", "1", "--limit", "cpuMs=100"]);
  neighbour = await deploySources(platform, { "src/main.wat": NEIGHBOUR });
});
afterAll(async () => {
  await platform.stop();
  data[Symbol.dispose]();
});

async function edges(): Promise<ServerView["edges"]> {
  return (await platform.api<ServerView>("/api/v1/server")).edges;
}

describe("a program that", () => {
  test.each(Object.entries(CORPUS))(
    "%s ends with an explanation, and no other run does",
    async (_, { wat, fault }) => {
      const id = await deploySources(platform, { "src/main.wat": wat });
      const before = await edges();
      const began = performance.now();
      const hostile = platform.ask(id, "/");
      const beside = platform.ask(neighbour, "/");
      const answer = await hostile;
      expect(performance.now() - began).toBeLessThan(ENDED_WITHIN_MS);
      expect(answer).toMatchObject({ status: 500, text: expect.stringMatching(fault) });
      expect(await beside).toMatchObject({ status: 200, text: "well" });
      expect(await platform.ask(neighbour, "/")).toMatchObject({ status: 200, text: "well" });
      // Another edge may have come for a program that burns CPU; the one that ran it must still be there.
      expect(await edges()).toEqual(expect.arrayContaining([...before]));
    },
  );
});
