// The assembler of the text format is committed as a module: whoever doubts it builds it again.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type AssemblerOrigin,
  buildAssembler,
  MODULE_FILE,
  ORIGIN_FILE,
} from "../../scripts/wat-assembler.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { findToolchain, isToolchainMissing } from "../../src/languages/rust/toolchain.ts";
import { isRustTested, PREPARATION_MS, prepareRust } from "./toolchain.ts";

const { rustc } = JSON.parse(readFileSync(ORIGIN_FILE, "utf8")) as AssemblerOrigin;
const toolchain = await findToolchain(readEnvironment().path, homedir());
/** Another release of the compiler gives other bytes. It takes minutes: continuous integration has them. */
const isSame = !isToolchainMissing(toolchain) && toolchain.version === rustc && readEnvironment().ci;

describe.skipIf(!isRustTested || !isSame)("the assembler of the text format", () => {
  beforeAll(prepareRust, PREPARATION_MS);

  it(
    "is what its sources and its compiler give, byte for byte",
    async () => {
      const { module } = await buildAssembler();
      expect(Buffer.from(module).equals(readFileSync(MODULE_FILE))).toBe(true);
    },
    PREPARATION_MS,
  );
});
