// Trials that break a platform under load and check every answer: an hour of kills and freezes, and cuts of
// power. `npm run bench -- storm` publishes; with arguments it only prints. `--minutes 1` is a short storm,
// `--only cuts` or `--only storm` runs one kind. `--launcher FILE` storms another version (the file
// `bin/terrarium.mjs` of its folder), whose row stands beside those of this one.
import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { loadText, type Trial } from "./report/figure.ts";
import { publish, published } from "./report/publish.ts";
import { clearCuts } from "../tests/durability/power-cuts.ts";
import { tryPowerCuts } from "./trials/power-cuts.ts";
import { tryStorm } from "./trials/storm.ts";

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    launcher: { type: "string" },
    only: { type: "string" },
  },
});
const ROUND_MS = 60_000;
const { launcher, only } = options;
const isOther = launcher !== undefined;
const version = versionOf(launcher === undefined ? "." : dirname(launcher));

const stormOptions = { rounds: Number(options.minutes), roundMs: ROUND_MS, seed: Number(options.seed) };
const storm =
  only === "cuts" ? null : await tryStorm({ ...stormOptions, ...(launcher && { launcher }) }, version);
const cuts: Trial[] = [];
if (only !== "storm" && !isOther)
  for (const durability of ["power", "process"] as const) {
    const trial = await tryPowerCuts(durability, version);
    if (trial !== null) cuts.push(trial);
  }
clearCuts();

const before = published("storm");
const own = isOther ? null : storm;
const timeline = own?.timeline ?? before?.timeline;
publish({
  name: "storm",
  title: "A storm of kills and freezes",
  command: "npm run bench -- storm",
  method:
    own === null && before !== undefined
      ? before.method
      : "Clients append to shared values and read them, each request on its own connection. Meanwhile " +
        "edges and the supervisor are killed, also as they start and all at once, and frozen. A checker " +
        `says whether one order of all requests explains every answer. Seed ${options.seed}. ${loadText()}`,
  rows: own?.rows ?? before?.rows ?? [],
  ...(timeline && { timeline }),
  trials: merged(before?.trials ?? [], [...(storm === null ? [] : [storm.trial]), ...cuts]),
});
const isWell = [...(storm === null ? [] : [storm.trial]), ...cuts].every(
  ({ lost, wrong }) => lost + wrong === 0,
);
process.exitCode = isWell || isOther ? 0 : 1;

/** A trial of this version, or of the other one, replaces its last one. */
function merged(earlier: readonly Trial[], added: readonly Trial[]): Trial[] {
  const kindOf = ({ what, version: of }: Trial): string => `${what} ${of.split(" ")[0] ?? ""}`;
  const replaced = new Set(added.map(kindOf));
  const kept = earlier.filter((each) => !replaced.has(kindOf(each)));
  return isOther ? [...added, ...kept] : [...kept, ...added];
}

/** Which version that folder holds. */
function versionOf(folder: string): string {
  const describe = ["log", "-1", "--format=%h of %as"];
  const commit = execFileSync("git", ["-C", folder, ...describe], { encoding: "utf8" }).trim();
  return `${isOther ? "before" : "after"} (${commit})`;
}
