// The first Rust build on a machine where nothing is prepared.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createBuilder } from "../../src/builder/index.ts";
import { DEFAULT_LIMITS } from "../../src/config/index.ts";
import { rustProgram } from "./rust-project.ts";
import { isRustTested } from "./toolchain.ts";

it.skipIf(!isRustTested)(
  "a build that finds no crates says that they are being prepared, and that it is worth coming back",
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "terrarium-preparation-"));
    const builder = createBuilder({
      dataDir,
      limits: { ...DEFAULT_LIMITS, buildMs: 2000 },
      rust: { cacheFolder: join(dataDir, "rust") },
    });
    let text = "";
    const building = builder.build(rustProgram("    Response::new(String::new())"), {
      hint: "rust",
      flags: [],
      onEvent: (event) => void (text += event.kind === "output" ? event.text : ""),
    });
    await expect(building).rejects.toMatchObject({
      code: "TER_RUST_PREPARING",
      fix: expect.stringContaining("terrarium doctor --fix"),
    });
    expect(text).toMatch(/(Preparing the crates|Building the standard library) .*\(once\)/);
    await builder.close();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 });
  },
);
