import { expect, test } from "vitest";
import { isRequirementMet } from "./requirement.ts";

const OFFERED = { version: "1.4.2", features: ["derive"] };
const ZERO = { version: "0.4.3", features: [] };

test.each([
  ["1", OFFERED],
  ["^1.4", OFFERED],
  ["1.4.2", OFFERED],
  ["*", OFFERED],
  [{ version: "1", features: ["derive"] }, OFFERED],
  ["0.4", ZERO],
  ["0.4.1", ZERO],
])("%j is met", (wanted, offered) => expect(isRequirementMet(wanted, offered)).toBe(true));

test.each([
  ["2", OFFERED],
  ["1.5", OFFERED],
  ["1.4.3", OFFERED],
  ["=1.4.2", OFFERED],
  [">=1, <2", OFFERED],
  [{ version: "1", features: ["rc"] }, OFFERED],
  [{ version: "1", "default-features": false }, OFFERED],
  [{ path: "x" }, OFFERED],
  ["0.3", ZERO],
  ["0.5", ZERO],
  ["1", undefined],
  [7, OFFERED],
])("%j is not", (wanted, offered) => expect(isRequirementMet(wanted, offered)).toBe(false));
