// A cut of power at twenty moments: what was acknowledged is there, or its owner is told.
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Platform } from "../e2e/platform.ts";
import { clearCuts, cut, found, foundOnDisk, MOMENTS, mount, mountTrouble, unmount } from "./power-cuts.ts";

const trouble = mountTrouble();
if (trouble !== null)
  process.stderr.write(`SKIPPED: cuts of power, because nothing can be mounted: ${trouble}\n`);

afterAll(clearCuts);

describe.skipIf(trouble !== null)("after a cut of power", () => {
  test("with --durability power everything acknowledged is there", { timeout: 300_000 }, async () => {
    const { id, moments } = await cut("power");
    for (const moment of moments) {
      const lazily = await foundOnDisk(moment, id);
      expect(lazily.isWhole).toBe(true);
      expect(lazily.appends).toBeGreaterThanOrEqual(moment.acknowledged);
      expect((await found(moment.copy, id)).appends).toBeGreaterThanOrEqual(moment.acknowledged);
    }
    expect(moments.at(-1)?.acknowledged).toBeGreaterThan(MOMENTS);
    const disk = mount(moments.at(-1)!.image, "again");
    const platform = await Platform.start(join(disk, "data"), ["--edges", "1"]);
    expect((await platform.ask(id, "/")).status).toBe(200);
    await platform.stop();
    unmount(disk);
  });

  test("with --durability process nothing is silently empty", { timeout: 300_000 }, async () => {
    const { id, moments } = await cut("process");
    for (const moment of moments) {
      const { appends, isWhole, told } = await foundOnDisk(moment, id);
      expect(isWhole).toBe(true);
      if (appends === 0) expect(told.join()).toContain("were lost");
      else if (typeof appends === "string") expect(appends).toBe("TER_STORE_DAMAGED");
      // A killed process loses nothing.
      expect((await found(moment.copy, id)).appends).toBeGreaterThanOrEqual(moment.acknowledged);
    }
  });
});
