import { describe, expect, it } from "vitest";
import type { DeploymentId } from "../../store/types.ts";
import { type LookUpLocations, SourceLocations } from "./source-locations.ts";

const ID = "one" as DeploymentId;
const at = (line: number, functionName: string | null = null) => ({
  functionName,
  file: "src/main.c",
  line,
  column: 3,
});
const frame = (offset: number | null, functionName: string | null = "f") => ({
  functionIndex: 7,
  functionName,
  offset,
});

/** Answers with line = offset, and counts lookups. */
function counted(): { readonly lookUp: LookUpLocations; asked: number } {
  const world = {
    asked: 0,
    lookUp: (_id: DeploymentId, offsets: readonly number[]) => {
      world.asked++;
      return Promise.resolve(offsets.map((offset) => [at(offset)]));
    },
  };
  return world;
}

describe("source locations", () => {
  it("show file, line and column, and inlined callees", async () => {
    const locations = new SourceLocations(() => Promise.resolve([[at(3, "inlined"), at(12)], []]));
    expect(await locations.describe(ID, [frame(1, "run"), frame(2, null), frame(null)])).toBe(
      "inlined (src/main.c:3:3)\n  at run (src/main.c:12:3)\n  at function 7 (offset 0x2)\n  at f",
    );
  });

  it("are looked up once, and known at once from then on", async () => {
    const world = counted();
    const locations = new SourceLocations(world.lookUp);
    expect(await locations.describe(ID, [frame(1), frame(1)])).toBe(
      "f (src/main.c:1:3)\n  at f (src/main.c:1:3)",
    );
    expect(locations.describe(ID, [frame(1)])).toBe("f (src/main.c:1:3)");
    expect(world.asked).toBe(1);
  });

  it("do not delay the response: it shows offsets, and lines the next time", async () => {
    const late = Promise.withResolvers<ReturnType<typeof at>[][]>();
    const locations = new SourceLocations(() => late.promise, 1);
    expect(await locations.describe(ID, [frame(5)])).toBe("f (offset 0x5)");
    late.resolve([[at(5)]]);
    await expect.poll(() => locations.describe(ID, [frame(5)])).toBe("f (src/main.c:5:3)");
  });

  it("are looked up a few at a time", async () => {
    let asked = 0;
    const locations = new SourceLocations(() => {
      asked++;
      return new Promise(() => undefined);
    }, 1);
    await Promise.all(Array.from({ length: 20 }, (_, offset) => locations.describe(ID, [frame(offset)])));
    expect(asked).toBe(4);
  });

  it("are looked up again after a failure", async () => {
    let fails = true;
    const locations = new SourceLocations(() =>
      fails ? Promise.reject(new Error("away")) : Promise.resolve([[at(1)]]),
    );
    expect(await locations.describe(ID, [frame(1)])).toBe("f (offset 0x1)");
    fails = false;
    expect(await locations.describe(ID, [frame(1)])).toBe("f (src/main.c:1:3)");
  });

  it("are nothing without frames", () => {
    expect(new SourceLocations(counted().lookUp).describe(ID, [])).toBeNull();
  });
});
