// The trial of cuts of power: what each of twenty disks holds of what was acknowledged before its cut.
import {
  cut,
  type Found,
  foundOnDisk,
  type Moment,
  mountTrouble,
} from "../../tests/durability/power-cuts.ts";
import type { Trial } from "../report/figure.ts";

/** Null where nothing can be mounted. `process` promises only that nothing is silently empty. */
export async function tryPowerCuts(durability: "process" | "power", version: string): Promise<Trial | null> {
  const trouble = mountTrouble();
  if (trouble !== null) {
    process.stderr.write(`No cuts of power, because nothing can be mounted: ${trouble}\n`);
    return null;
  }
  const beganMs = performance.now();
  const { id, moments, requests, acknowledged } = await cut(durability);
  const found: [Moment, Found][] = [];
  for (const moment of moments) found.push([moment, await foundOnDisk(moment, id)]);
  return {
    what: `cuts of power, --durability ${durability}`,
    version,
    minutes: (performance.now() - beganMs) / 60_000,
    killed: 0,
    frozen: 0,
    cut: moments.length,
    requests,
    acknowledged,
    lost: durability === "process" ? 0 : found.reduce((sum, each) => sum + lostOf(...each), 0),
    wrong: found.filter(([, after]) => isWrong(after)).length,
    longestGapMs: null,
  };
}

function lostOf({ acknowledged }: Moment, { appends }: Found): number {
  return typeof appends === "string" ? acknowledged : Math.max(0, acknowledged - appends);
}

/** A deployment that is not whole, or a store that is empty without a word. */
function isWrong({ isWhole, appends, told }: Found): boolean {
  return !isWhole || (appends === 0 && !told.join().includes("were lost"));
}
