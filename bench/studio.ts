// The studio in a real Chromium: the first visit on a slow machine and network, and the time from pressing
// Build & Deploy to the preview's answer. `npm run bench -- studio [rounds]`, after `npm run build:studio`.
import { isToolchainMissing, rustState } from "../src/languages/rust/index.ts";
import { Platform, temporaryFolder, terrarium } from "../tests/e2e/platform.ts";
import { launchBrowser } from "../tests/studio/browser.ts";
import type { BarName } from "./bars.ts";
import { median, type Row, showNumber, loadText } from "./report/figure.ts";
import { publish } from "./report/publish.ts";
import { CPU_SLOWDOWN, NETWORK, visit, type Visit } from "./studio/first-visit.ts";
import { pressToAnswer } from "./studio/press-to-answer.ts";

const [rounds = 5] = process.argv.slice(2).map(Number);

/** What the first visit is measured by. */
const MEASURES: readonly {
  readonly key: keyof Visit;
  readonly what: string;
  readonly unit: string;
  readonly bar?: BarName;
}[] = [
  { key: "transferredKb", what: "first visit: transferred", unit: "KB", bar: "studioVisit" },
  { key: "requests", what: "first visit: requests", unit: "" },
  { key: "firstPaintMs", what: "first visit: first contentful paint", unit: "ms" },
  { key: "largestPaintMs", what: "first visit: largest contentful paint", unit: "ms" },
  { key: "blockingMs", what: "first visit: total blocking time", unit: "ms" },
  { key: "shift", what: "first visit: cumulative layout shift", unit: "" },
];

/** Templates and their bars. */
const PRESSES = [
  { title: "Empty WAT", bar: "studioWat" },
  { title: "Empty AssemblyScript", bar: "studioAssemblyScript" },
  { title: "Empty C", bar: "studioC" },
  { title: "Empty Rust", bar: "studioRust" },
] as const;

const { toolchain } = await rustState();
// The crates are prepared once on a machine, not for a deploy.
if (!isToolchainMissing(toolchain)) await terrarium(["doctor", "--fix"]);
using folder = temporaryFolder();
await using platform = await Platform.start(folder.path, ["--log-level", "silent"]);
const browser = await launchBrowser();
const rows: Row[] = [];
try {
  rows.push(...(await visitRows()));
  for (const press of PRESSES) rows.push(await pressRow(press));
} finally {
  await browser.close();
}
publish({
  name: "studio",
  title: "The studio",
  command: "npm run bench -- studio",
  method:
    `Chromium without a window. First visit: an empty profile, the processor ` +
    `${CPU_SLOWDOWN} times slower, ${NETWORK.latency} ms of latency and ` +
    `${(NETWORK.downloadThroughput * 8) / 1e6} Mbit/s. Press to answer: neither slowed, the ` +
    `compiler warm, each round another source. ${rounds} rounds each, median. ${loadText()}`,
  rows,
});

async function visitRows(): Promise<Row[]> {
  const visits: Visit[] = [];
  for (let round = 0; round < rounds; round++) visits.push(await visit(browser, platform.origin));
  return MEASURES.map(({ key, what, unit, bar }) => ({
    what,
    unit,
    value: median(visits.map((one) => one[key])),
    ...(bar === undefined ? {} : { bar }),
  }));
}

async function pressRow({ title, bar }: (typeof PRESSES)[number]): Promise<Row> {
  const what = `${title}: Build & Deploy pressed to the preview's answer`;
  if (title === "Empty Rust" && isToolchainMissing(toolchain))
    return { what, value: null, unit: "s", note: toolchain.reason, bar };
  const seconds = await pressToAnswer(browser, platform.origin, title, rounds);
  return {
    what,
    value: median(seconds),
    unit: "s",
    note: seconds.map(showNumber).join(", "),
    bar,
  };
}
