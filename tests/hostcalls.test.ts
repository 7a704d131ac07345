// Every hostcall from guests in every language: one body per feature. The guests lie in
// tests/guests/<feature>/.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HOSTCALLS } from "../src/abi/index.ts";
import { COVERAGE, GUEST_LANGUAGES } from "./hostcalls/coverage.ts";
import { FEATURES } from "./hostcalls/features.ts";
import type { Guest } from "./hostcalls/feature.ts";
import { World } from "./hostcalls/world.ts";
import { isRustTested, PREPARATION_MS, prepareRust } from "./rust/toolchain.ts";

let world: World;
beforeAll(async () => {
  await prepareRust();
  world = await World.open();
}, PREPARATION_MS);
afterAll(() => world.close());

for (const language of GUEST_LANGUAGES) {
  for (const { name, cases } of FEATURES) {
    describe.skipIf(language === "Rust" && !isRustTested)(`${name} in ${language}`, () => {
      let guest: Guest;
      beforeAll(async () => {
        guest = await world.guest(name, language);
      });

      for (const [sentence, body] of Object.entries(cases)) it(sentence, () => body(guest));

      it("has called each hostcall that it is said to cover", () => {
        expect(COVERAGE[name].filter((hostcall) => !guest.called.has(hostcall))).toEqual([]);
      });
    });
  }
}

it("every hostcall is covered by a feature, and every feature is tested", () => {
  const covered = new Set<string>(Object.values(COVERAGE).flat());
  expect(Object.keys(HOSTCALLS).filter((name) => !covered.has(name))).toEqual([]);
  expect(FEATURES.map(({ name }) => name).sort()).toEqual(Object.keys(COVERAGE).sort());
});
