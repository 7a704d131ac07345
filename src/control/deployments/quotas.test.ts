import { describe, expect, test } from "vitest";
import type { DeploymentRecord } from "../../store/types.ts";
import { SourceLedger } from "./quotas.ts";

const QUOTAS = { buildsAtOnce: 1, liveDeployments: 2, deploysPerHour: 3, apps: 2 };
const HOUR_MS = 3_600_000;
const liveOf = (source: string, count: number) =>
  Array.from({ length: count }, () => ({ source, phase: "live", app: null }) as DeploymentRecord);

describe("a source address", () => {
  test("builds one project at a time", () => {
    const ledger = new SourceLedger(QUOTAS, () => 0);
    ledger.admit("a", []);
    expect(() => ledger.admit("a", [])).toThrow(/builds of your address at once; the limit is 1/);
    ledger.admit("b", []);
    ledger.finish("a");
    ledger.admit("a", []);
  });

  test("has a limited number of live deployments, not counting failed ones", () => {
    const ledger = new SourceLedger(QUOTAS, () => 0);
    expect(() => ledger.admit("a", liveOf("a", 2))).toThrow(
      /live deployments of your address; the limit is 2/,
    );
    ledger.admit("a", [
      ...liveOf("a", 1),
      ...liveOf("b", 5),
      { source: "a", phase: "failed" } as DeploymentRecord,
    ]);
  });

  test("deploys a limited number of times in any hour", () => {
    let now = 0;
    const ledger = new SourceLedger(QUOTAS, () => now);
    for (let deploy = 0; deploy < 3; deploy++) {
      now = deploy * 1000;
      ledger.admit("a", []);
      ledger.finish("a");
    }
    now = HOUR_MS - 1;
    expect(() => ledger.admit("a", [])).toThrow(/in an hour; the limit is 3/);
    now = HOUR_MS + 1;
    ledger.admit("a", []);
  });

  test("has no such limits where quotas are off", () => {
    const ledger = new SourceLedger(null, () => 0);
    for (let deploy = 0; deploy < 100; deploy++) ledger.admit("a", liveOf("a", 100));
  });
});
