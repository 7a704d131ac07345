// The trial of kills and freezes, round by round.
import { type RoundReport, runStorm, type StormOptions } from "../../tests/storm/storm.ts";
import type { Row, Series, Trial } from "../report/figure.ts";

/** What a storm adds to the figure. */
export interface StormFigure {
  readonly trial: Trial;
  readonly rows: readonly Row[];
  readonly timeline: readonly Series[];
}

/** Prints each round as it ends. If one cannot be ended, those before it count. */
export async function tryStorm(options: StormOptions, version: string): Promise<StormFigure> {
  const rounds: RoundReport[] = [];
  let early = 0;
  try {
    for await (const round of runStorm(options)) {
      rounds.push(round);
      print(rounds.length, round);
    }
  } catch (error) {
    process.stderr.write(`The storm ended early: ${String(error)}\n`);
    early = 1;
  }
  return figureOf(rounds, early, version);
}

function print(number: number, { violations, ...counts }: RoundReport): void {
  process.stdout.write(`${number} ${JSON.stringify({ ...counts, violations: violations.length })}\n`);
  for (const { text } of violations.slice(0, 20)) process.stdout.write(`  ${text}\n`);
}

function figureOf(rounds: readonly RoundReport[], early: number, version: string): StormFigure {
  const sum = (of: (round: RoundReport) => number): number =>
    rounds.reduce((total, round) => total + of(round), 0);
  const violations = (kind: "lost" | "wrong") =>
    sum((round) => round.violations.filter((violation) => violation.kind === kind).length);
  const series = (what: string, unit: string, of: (round: RoundReport) => number): Series => ({
    what,
    unit,
    values: rounds.map(of),
  });
  const [lost, wrong] = [violations("lost"), violations("wrong")];
  const down = early + sum(({ stayedDown }) => Number(stayedDown));
  return {
    trial: {
      what: "kills and freezes",
      version,
      minutes: rounds.length,
      killed: sum(({ killed }) => killed),
      frozen: sum(({ frozen }) => frozen),
      cut: 0,
      requests: sum(({ requests }) => requests),
      acknowledged: sum(({ acknowledged }) => acknowledged),
      lost,
      wrong: wrong + down,
      longestGapMs: Math.max(...rounds.map(({ longestGapMs }) => longestGapMs)),
    },
    rows: [
      { what: "Acknowledged writes lost", value: lost, unit: "", bar: "stormLost" },
      { what: "Wrong answers", value: wrong, unit: "", bar: "stormWrong" },
      { what: "Times that the platform stayed down", value: down, unit: "", bar: "stormDown" },
    ],
    timeline: [
      series("Killed and frozen", "a minute", ({ killed, frozen }) => killed + frozen),
      series("Answered", "a minute", ({ acknowledged }) => acknowledged),
      series("Longest gap", "ms", ({ longestGapMs }) => longestGapMs),
      series("Lost and wrong", "a minute", (round) => round.violations.length),
    ],
  };
}
