// Trials that break a platform under load and check every answer: an hour of kills and freezes.
// `npm run bench -- storm` publishes; `npm run bench -- storm --minutes 1` only prints. `--launcher FILE`
// measures another version (`bin/terrarium.mjs` of its folder), whose rows stand beside those of this one.
import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { type RoundReport, runStorm } from "../tests/storm/storm.ts";
import { loadText, type Series, type Trial } from "./report/figure.ts";
import { publish, published } from "./report/publish.ts";

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    launcher: { type: "string" },
  },
});
const ROUND_MS = 60_000;
const isOther = options.launcher !== undefined;

const rounds: RoundReport[] = [];
let ended = 0;
try {
  await storm();
} catch (error) {
  // What happened until then counts.
  process.stderr.write(`The storm ended early: ${String(error)}\n`);
  ended = 1;
}

async function storm(): Promise<void> {
  for await (const round of runStorm({
    rounds: Number(options.minutes),
    roundMs: ROUND_MS,
    seed: Number(options.seed),
    ...(options.launcher !== undefined && { launcher: options.launcher }),
  })) {
    rounds.push(round);
    const { violations, ...counts } = round;
    process.stdout.write(
      `${rounds.length} ${JSON.stringify({ ...counts, violations: violations.length })}\n`,
    );
    for (const { text } of violations.slice(0, 20)) process.stdout.write(`  ${text}\n`);
  }
}

const sum = (of: (round: RoundReport) => number): number =>
  rounds.reduce((total, round) => total + of(round), 0);
const violations = (kind: "lost" | "wrong") =>
  sum((round) => round.violations.filter((violation) => violation.kind === kind).length);
const down = ended + sum(({ stayedDown }) => Number(stayedDown));
const trial: Trial = {
  what: "kills and freezes",
  version: versionOf(options.launcher === undefined ? "." : dirname(options.launcher)),
  minutes: rounds.length,
  killed: sum(({ killed }) => killed),
  frozen: sum(({ frozen }) => frozen),
  cut: 0,
  requests: sum(({ requests }) => requests),
  acknowledged: sum(({ acknowledged }) => acknowledged),
  lost: violations("lost"),
  wrong: violations("wrong") + down,
  longestGapMs: Math.max(...rounds.map(({ longestGapMs }) => longestGapMs)),
};
const series = (what: string, unit: string, of: (round: RoundReport) => number): Series => ({
  what,
  unit,
  values: rounds.map(of),
});
const before = published("storm");
const own = {
  method:
    "Clients append to shared values and read them, each request on a connection of its own. Meanwhile " +
    "edges and the supervisor are killed, also as they start and all at once, and frozen. A checker says " +
    `whether one order of all requests explains every answer. Seed ${options.seed}. ${loadText()}`,
  rows: [
    { what: "Acknowledged writes lost", value: trial.lost, unit: "" },
    { what: "Wrong answers", value: violations("wrong"), unit: "" },
    { what: "Times that the platform stayed down", value: down, unit: "" },
  ],
  timeline: [
    series("Killed and frozen", "a minute", ({ killed, frozen }) => killed + frozen),
    series("Answered", "a minute", ({ acknowledged }) => acknowledged),
    series("Longest gap", "ms", ({ longestGapMs }) => longestGapMs),
    series("Lost and wrong", "a minute", (round) => round.violations.length),
  ],
} as const;
publish({
  name: "storm",
  title: "A storm of kills and freezes",
  command: "npm run bench -- storm",
  ...own,
  ...(isOther && before !== undefined && { method: before.method, rows: before.rows }),
  ...(isOther && before?.timeline !== undefined && { timeline: before.timeline }),
  trials: merged(before?.trials ?? [], trial),
});
process.exitCode = trial.lost + trial.wrong === 0 || isOther ? 0 : 1;

/** A trial of this version replaces the last one; those of other versions stay. */
function merged(earlier: readonly Trial[], added: Trial): Trial[] {
  const isReplaced = ({ what, version }: Trial) =>
    what === added.what && version.startsWith(added.version.split(" ")[0] ?? "");
  const kept = earlier.filter((each) => !isReplaced(each));
  return isOther ? [added, ...kept] : [...kept, added];
}

/** Which version that folder holds. */
function versionOf(folder: string): string {
  const describe = ["log", "-1", "--format=%h of %as"];
  const commit = execFileSync("git", ["-C", folder, ...describe], { encoding: "utf8" }).trim();
  return `${isOther ? "before" : "after"} (${commit})`;
}
