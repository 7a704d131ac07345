import { expect, test } from "vitest";
import type { RustState } from "../../languages/rust/index.ts";
import { LANGUAGES } from "../../languages/index.ts";
import { createLanguages } from "./languages.ts";

const HERE = {
  rustc: "/r",
  cargo: "/c",
  version: "rustc 1.95.0",
  sysroot: "/s",
  host: "h",
  library: "installed",
  linkerArguments: [],
} as const;
const READY: RustState = { toolchain: HERE, hasSandbox: true, isPrepared: true };

async function rust(state: RustState, requireSandbox = false) {
  return (await createLanguages({ look: async () => state, requireSandbox, now: () => 0 })()).find(
    ({ language }) => language === "rust",
  );
}

test("the languages that come with the platform are always there", async () => {
  const languages = await createLanguages({
    look: async () => ({ ...READY, toolchain: { reason: "none", fix: "get one" } }),
    requireSandbox: false,
    now: () => 0,
  })();
  expect(languages.filter(({ available }) => available).map(({ language }) => language)).toEqual(
    LANGUAGES.filter(({ isBundled }) => isBundled).map(({ name }) => name),
  );
});

test("without a toolchain, Rust is missing, with the reason and the fix", async () => {
  const toolchain = { reason: "No Rust toolchain was found", fix: "apt-get install rustc-web" };
  expect(await rust({ ...READY, toolchain })).toEqual({
    language: "rust",
    available: false,
    detail: "No Rust toolchain was found: Rust programs cannot be built",
    fix: "apt-get install rustc-web",
  });
});

test("without a sandbox, Rust is missing only where strangers deploy", async () => {
  const state = { ...READY, hasSandbox: false };
  expect(await rust(state, true)).toMatchObject({
    available: false,
    detail: "bubblewrap is missing: Rust programs cannot be built",
    fix: "apt-get install bubblewrap",
  });
  expect(await rust(state)).toMatchObject({ available: true, fix: null });
});

test("with unprepared crates, Rust is available, with a note about the first build", async () => {
  expect(await rust({ ...READY, isPrepared: false })).toMatchObject({
    available: true,
    detail: "not prepared: the first build takes minutes",
    fix: "terrarium doctor --fix",
  });
  expect(await rust(READY)).toMatchObject({ available: true, detail: "rustc 1.95.0", fix: null });
});

test("frequent requests check once in half a minute, and then see changes", async () => {
  let looks = 0;
  let nowMs = 1000;
  const languages = createLanguages({
    look: async () => ({ ...READY, isPrepared: ++looks > 1 }),
    requireSandbox: false,
    now: () => nowMs,
  });
  await Promise.all([languages(), languages()]);
  nowMs += 29_999;
  expect((await languages()).at(-1)?.fix).not.toBeNull();
  expect(looks).toBe(1);
  nowMs += 1;
  expect((await languages()).at(-1)?.fix).toBeNull();
});
