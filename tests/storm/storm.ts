// A platform under load whose processes are killed, several at once and while they start, and frozen. Clients
// append to shared values and read them; `violationsOf` says whether the history could have happened without
// any kill.
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { processTree, signal } from "../e2e/process-tree.ts";
import { writeProject } from "../e2e/programs.ts";
import { APPENDING, ask, Client, type ClientCounts, countsOf } from "./clients.ts";
import { type Violation, violationsOf } from "./history.ts";
import { Storm, type StormCounts } from "./victims.ts";

export interface StormOptions {
  readonly rounds: number;
  readonly roundMs: number;
  /** Of the choice of victims and pauses. */
  readonly seed: number;
  /** Of another version, to compare with. */
  readonly launcher?: string;
}

/** What happened in one round, for a table. */
export interface RoundReport extends StormCounts, ClientCounts {
  /** None if all went well. */
  readonly violations: readonly Violation[];
  /** The platform did not come back by itself and was started again. */
  readonly stayedDown: boolean;
}

const KEYS = ["p", "q", "r"];
const CLIENTS_PER_KEY = 2;
/** After a storm the platform must be back within this time. */
const BACK_MS = 60_000;

/** One platform through all rounds; each round has a deployment of its own, so that values stay small. */
export async function* runStorm(options: StormOptions): AsyncGenerator<RoundReport> {
  using data = temporaryFolder();
  const project = writeProject(join(data.path, "project"), APPENDING);
  const start = () => Platform.start(join(data.path, "data"), ["--edges", "2"], {}, options);
  let platform = await start();
  /** For a platform that does not come back by itself. */
  const restart = async () => {
    for (const pid of processTree(platform.launcher.pid ?? 0)) signal(pid, "SIGKILL");
    platform = await start();
  };
  try {
    const storm = new Storm(() => platform, options.seed);
    for (let round = 0; round < options.rounds; round++) {
      const deploy = () => platform.deploy(project, ["--ttl", "never"]);
      const deployed = await withPatience(deploy).catch(() => null);
      if (deployed === null) await restart();
      const { id } = deployed ?? (await deploy());
      const clients = KEYS.flatMap((key) =>
        Array.from(
          { length: CLIENTS_PER_KEY },
          (_, index) => new Client(platform, id, key, `${key}${round}-${index}`),
        ),
      );
      const over = new AbortController();
      const asking = clients.map((client) => client.run(over.signal));
      await storm.rage(options.roundMs);
      over.abort();
      await Promise.all(asking);
      let values = await lastValues(platform, id);
      const stayedDown = values === null || deployed === null;
      if (values === null) {
        await restart();
        values = (await lastValues(platform, id)) ?? fail(platform);
      }
      const violations = KEYS.flatMap((key, index) => {
        const own = clients.filter((client) => client.key === key);
        return violationsOf(
          own.flatMap(({ operations }) => operations),
          values[index] ?? "",
        );
      });
      yield { ...storm.takeCounts(), ...countsOf(clients), violations, stayedDown };
    }
  } finally {
    await platform.stop();
  }
}

/** After the storm the platform must come back by itself; whoever asks waits for it. Null: it did not. */
async function lastValues(platform: Platform, id: string): Promise<string[] | null> {
  const values = KEYS.map(async (key) =>
    withPatience(
      async () => (await ask(platform, id, `/g/${key}`)) ?? Promise.reject(new Error("no answer")),
    ),
  );
  return Promise.all(values).catch(() => null);
}

async function withPatience<T>(attempt: () => Promise<T>): Promise<T> {
  const endMs = performance.now() + BACK_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await pause(100);
    }
  }
}

function fail(platform: Platform): never {
  throw new Error(`No answer after a restart: ${platform.stderr.slice(-2000)}`);
}
