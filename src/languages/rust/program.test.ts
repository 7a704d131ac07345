import { describe, expect, test } from "vitest";
import { describeProgram, libraryName, manifestForCargo, type RustProgram } from "./program.ts";

const project = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));
const describeFiles = (files: Record<string, string>): RustProgram =>
  describeProgram(project(files), (_, name) => name !== "foreign" && name !== "part");
const manifest = (text: string, more: Record<string, string> = {}): RustProgram =>
  describeFiles({ "Cargo.toml": text, "src/lib.rs": "", ...more });
const PACKAGE = '[package]\nname = "p"\nversion = "0.1.0"\n';

describe("a program without a manifest", () => {
  test.each([
    ["#[macro_use]\nextern crate http_guest;\n", "2019", "2015"],
    ["#[macro_use] extern crate http_guest;\n", "2019", "2015"],
    ["pub extern crate http_guest;\n", "2019", "2015"],
    ['extern "C" {\n    fn hostcall_debug(p: *const u8, len: usize);\n}\n', "2019", "2015"],
    ['#[no_mangle]\npub extern "C" fn run() {}\n', "2019", "2015"],
    ['#[unsafe(no_mangle)]\npub extern "C" fn run() {}\n', "current", "2024"],
    ['unsafe extern "C" {\n    fn hostcall_debug(p: *const u8, len: usize);\n}\n', "current", "2024"],
    ["use http_guest::guest_app;\n", "current", "2024"],
    ["// extern crate http_guest was needed once\nuse http_guest::guest_app;\n", "current", "2024"],
    ["extern crate http_guest_more;\n", "current", "2024"],
  ])("whose root file says %j is one of %s", (text, set, edition) => {
    expect(describeFiles({ "src/lib.rs": text })).toMatchObject({ set, edition, needsCargo: false });
  });
});

describe("a program with a global allocator of its own", () => {
  const source = "struct Mine;\n#[global_allocator]\nstatic ALLOCATOR: Mine = Mine;\n";

  test("does not get the set's", () => {
    expect(describeFiles({ "src/lib.rs": source })).toMatchObject({ ownsAllocator: true });
    expect(describeFiles({ "src/lib.rs": "// #[global_allocator]\n" })).toMatchObject({
      ownsAllocator: false,
    });
    expect(describeFiles({ "src/lib.rs": "mod a;\n", "src/a.rs": source })).toMatchObject({
      ownsAllocator: true,
    });
  });

  test("gets the guest crate without one, if cargo builds it", () => {
    const text = `${PACKAGE}edition = "2021"\n[dependencies]\nhttp_guest = "0.2"\nforeign = "1"\n`;
    const program = describeFiles({ "Cargo.toml": text, "src/lib.rs": source });
    expect(manifestForCargo(program, "/sdk")).toMatchObject({
      dependencies: { http_guest: { path: "/sdk", "default-features": false, features: ["current"] } },
    });
  });
});

describe("a program with a manifest", () => {
  test("that says `extern crate http_guest` is one of 2019, whatever edition it names", () => {
    const text = `${PACKAGE}edition = "2018"\n`;
    expect(describeFiles({ "Cargo.toml": text, "src/lib.rs": "extern crate http_guest;\n" })).toMatchObject({
      set: "2019",
      edition: "2018",
    });
    const elsewhere = `${text}[lib]\npath = "./lib/main.rs"\n`;
    expect(
      describeFiles({ "Cargo.toml": elsewhere, "lib/main.rs": "extern crate http_guest;\n" }),
    ).toMatchObject({ set: "2019" });
  });

  test.each([
    [PACKAGE, "2019", "2015", false],
    [`${PACKAGE}edition = "2018"\n`, "current", "2018", false],
    [`${PACKAGE}edition = "2018"\n[dependencies]\nhttp = "0.1.16"\n`, "2019", "2018", false],
    [`${PACKAGE}edition = "2018"\n[dependencies]\nhttp = { version = "^0.1" }\n`, "2019", "2018", false],
    [
      `${PACKAGE}edition = "2021"\n[dependencies]\nhttp = "1"\nhttp_guest = { path = "../http_guest" }\n`,
      "current",
      "2021",
      false,
    ],
    [`${PACKAGE}edition = "2021"\n[dependencies]\nforeign = "1"\n`, "current", "2021", true],
    [`${PACKAGE}edition = "2021"\nbuild = "make.rs"\n`, "current", "2021", true],
    [`${PACKAGE}edition = "2021"\n[features]\na = []\n`, "current", "2021", true],
    [`${PACKAGE}edition = "2021"\n[lib]\npath = "lib.rs"\n`, "current", "2021", true],
  ])("%j is one of %s", (text, set, edition, needsCargo) => {
    expect(manifest(text)).toMatchObject({ set, edition, needsCargo });
  });

  test("needs cargo where it has a build script", () => {
    expect(manifest(`${PACKAGE}edition = "2021"\n`, { "build.rs": "fn main() {}" }).needsCargo).toBe(true);
  });

  test.each([
    ["not TOML", "a manifest", /line 1, column/],
    [
      "a git dependency",
      `${PACKAGE}[dependencies]\nx = { git = "https://example.com/x" }\n`,
      /"x" comes from a git/,
    ],
    [
      "another registry",
      `${PACKAGE}[build-dependencies]\nx = { version = "1", registry = "mine" }\n`,
      /"x" comes from a registry/,
    ],
    ["a path outside", `${PACKAGE}[dependencies]\nx = { path = "../x" }\n`, /"x" is at "\.\.\/x"/],
    ["an absolute path", `${PACKAGE}[dependencies]\nx = { path = "/etc" }\n`, /not inside the project/],
    [
      "a path outside for one target",
      `${PACKAGE}[target.'cfg(unix)'.dev-dependencies]\nx = { path = "../x" }\n`,
      /not inside the project/,
    ],
    [
      "a path outside of a workspace",
      `${PACKAGE}[workspace.dependencies]\nx = { path = "../x" }\n`,
      /not inside the project/,
    ],
    ["a patch", `${PACKAGE}[patch.crates-io]\nx = { path = "x" }\n`, /\[patch\] is not accepted/],
    [
      "a replacement",
      `${PACKAGE}[replace]\n"x:1.0.0" = { git = "https://example.com/x" }\n`,
      /\[replace\] is not accepted/,
    ],
  ])("is refused for %s", (_, text, reason) => {
    expect(() => manifest(text)).toThrow(reason);
  });

  test("is refused for what a manifest deeper in the project says", () => {
    expect(() =>
      manifest(PACKAGE, { "part/Cargo.toml": `${PACKAGE}[dependencies]\nx = { path = "../../x" }\n` }),
    ).toThrow(/not inside the project/);
  });

  test("may have path dependencies inside, from wherever they are named", () => {
    const part =
      '[package]\nname = "part"\nversion = "0.1.0"\n[dependencies]\nother = { path = "../other" }\n';
    const program = manifest(`${PACKAGE}[dependencies]\npart = { path = "./part" }\n`, {
      "part/Cargo.toml": part,
      "other/Cargo.toml": PACKAGE,
    });
    expect(program.manifest["dependencies"]).toEqual({ part: { path: "./part" } });
  });

  test("gets the platform's guest crate, with the features of its set, and links to a module", () => {
    const old = manifest(`${PACKAGE}[dependencies]\nhttp_guest = "0.1"\nforeign = "1"\n`);
    expect(manifestForCargo(old, "/sdk")).toMatchObject({
      lib: { "crate-type": ["cdylib"] },
      workspace: {},
      dependencies: {
        http_guest: { path: "/sdk", "default-features": false, features: ["set-2019", "allocator"] },
        foreign: "1",
      },
    });
    expect(libraryName({ package: { name: "my-program" } })).toBe("my_program");
    expect(libraryName({ package: { name: "my-program" }, lib: { name: "other" } })).toBe("other");
  });
});
