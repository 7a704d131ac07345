// Projects that bring their own manifest, crates and build scripts, and what a build script of a stranger can
// do.
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Builder, createBuilder } from "../../src/builder/index.ts";
import { type BuildEvent } from "../../src/compiler-host/index.ts";
import { defaultRustSettings } from "../../src/languages/rust/index.ts";
import { findPreparedSet, toolchainKey } from "../../src/languages/rust/crate-sets.ts";
import { findToolchain, isToolchainMissing } from "../../src/languages/rust/toolchain.ts";
import { DEFAULT_LIMITS } from "../../src/config/index.ts";
import { World } from "../hostcalls/world.ts";
import { rustProject } from "./rust-project.ts";
import { isRustTested, PREPARATION_MS, prepareRust } from "./toolchain.ts";

const PROGRAM =
  "use http_guest::{Request, Response, guest_app};\nfn answer(_: &Request<Vec<u8>>) -> " +
  "Response<String> { Response::new(part::word().to_string()) }\nguest_app!(answer);\n";
const MANIFEST =
  '[package]\nname = "my-program"\nversion = "0.1.0"\nedition = "2024"\n[dependencies]\nhttp_guest = ' +
  '"0.2"\npart = { path = "part" }\nfastrand = { version = "2", default-features = false }\n';
const PART = '[package]\nname = "part"\nversion = "0.1.0"\nedition = "2021"\n';
const LOCK = `version = 4

[[package]]
name = "fastrand"
version = "2.1.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "9fc0510504f03c51ada170672ac806f1f105a88aa97a5281117e1ddc3368e51a"
`;

/** As cargo of 2019 wrote it: no version, checksums at the end, and the guest crate and its crates as they were. */
const OF_2019: Record<string, string> = {
  "Cargo.toml":
    '[package]\nname = "old"\nversion = "0.1.0"\n[dependencies]\nhttp_guest = "0.1"\n' +
    'http = "0.1"\nfastrand = "1"\n',
  "Cargo.lock": `[[package]]
name = "fastrand"
version = "1.9.0"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "http"
version = "0.1.16"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "http_guest"
version = "0.1.0"
dependencies = [
 "http 0.1.16 (registry+https://github.com/rust-lang/crates.io-index)",
]

[[package]]
name = "old"
version = "0.1.0"
dependencies = [
 "fastrand 1.9.0 (registry+https://github.com/rust-lang/crates.io-index)",
 "http 0.1.16 (registry+https://github.com/rust-lang/crates.io-index)",
 "http_guest 0.1.0",
]

[metadata]
`,
  "src/lib.rs":
    "#[macro_use]\nextern crate http_guest;\nextern crate http;\nextern crate fastrand;\n" +
    "fn answer(_: &http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {\n" +
    "    http::Response::new(vec![fastrand::Rng::with_seed(7).u8(1..2)])\n}\nguest_app!(answer);\n",
};

describe.skipIf(!isRustTested)("a project with crates of its own", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "terrarium-own-crates-"));
  const limits = { ...DEFAULT_LIMITS, buildMs: 600_000 };
  let builder: Builder;
  beforeAll(async () => {
    await prepareRust();
    builder = createBuilder({ dataDir, limits, rust: { allowRegistry: true } });
  }, PREPARATION_MS);
  afterAll(async () => {
    await builder?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Builds; gives the text that came meanwhile. */
  const build = async (files: Record<string, string>, by: Builder = builder): Promise<string> => {
    let text = "";
    const onEvent = (event: BuildEvent): void => void (text += event.kind === "output" ? event.text : "");
    await by.build(rustProject(files), { hint: "rust", flags: [], onEvent });
    return text;
  };
  const good = (word: string): Record<string, string> => ({
    "Cargo.toml": MANIFEST,
    "Cargo.lock": LOCK,
    "src/lib.rs": PROGRAM,
    "part/Cargo.toml": PART,
    "part/src/lib.rs": `pub fn word() -> &'static str { "${word}" }\n`,
  });

  it("is built with its path dependencies and by its lock file, crate by crate", async () => {
    const text = await build(good("one"));
    expect(text).toContain("part v0.1.0");
    expect(text).toContain("my-program v0.1.0");
    expect(text).not.toMatch(/Compiling fastrand v2\.(?!1\.0)/);
  });

  it("of 2019 is built with its old lock file, but for the guest crate's pins", async () => {
    const text = await build(OF_2019);
    expect(text).toMatch(/Compiling fastrand v1\.9\.0/);
  });

  const drawing = (dependencies: string, body: string, more = ""): Record<string, string> => ({
    "Cargo.toml":
      '[package]\nname = "drawing"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n' +
      `http_guest = "0.2"\n${dependencies}`,
    "src/lib.rs":
      "use http_guest::{Request, Response, guest_app};\nfn answer(_: &Request<Vec<u8>>) -> " +
      `Response<String> { ${body} }\nguest_app!(answer);\n${more}`,
  });
  const CUSTOM = 'rand = "0.8"\ngetrandom = { version = "0.2", features = ["custom"] }\n';
  const DRAW = "Response::new(rand::random::<u64>().to_string())";
  const OWN =
    "fn seven(bytes: &mut [u8]) -> Result<(), getrandom::Error> { bytes.fill(7); Ok(()) }\n" +
    "getrandom::register_custom_getrandom!(seven);\n";

  it.each([
    ["getrandom 0.2", drawing(CUSTOM, DRAW)],
    ["getrandom 0.3", drawing('rand = "0.9"\n', DRAW)],
    ["getrandom 0.4", drawing('getrandom = "0.4"\n', "Response::new(getrandom::u64().unwrap().to_string())")],
  ])("draws random numbers from the platform through %s", async (_, files) => {
    const world = await World.open();
    const { wasm } = await builder.build(rustProject(files), { hint: "rust", flags: [] });
    const guest = await world.program("drawing", new Map([["module.wasm", wasm]]));
    const answers = [await guest.ask("/"), await guest.ask("/")];
    expect(answers).toMatchObject([{ fault: null }, { fault: null }]);
    expect(answers[0]?.said).toMatch(/^\d+$/);
    expect(answers[1]?.said).not.toBe(answers[0]?.said);
    await world.close();
  });

  it("may register a source of getrandom 0.2 of its own", async () => {
    const world = await World.open();
    const files = drawing(
      CUSTOM,
      "let mut bytes = [0; 2]; getrandom::getrandom(&mut bytes).unwrap(); " +
        'Response::new(format!("{bytes:?}"))',
      OWN,
    );
    const { wasm } = await builder.build(rustProject(files), { hint: "rust", flags: [] });
    const guest = await world.program("own-source", new Map([["module.wasm", wasm]]));
    expect((await guest.ask("/")).said).toBe("[7, 7]");
    await world.close();
  });

  it("is told what to add where getrandom 0.2 asks for a browser", async () => {
    await expect(build(drawing('rand = "0.8"\n', DRAW))).rejects.toMatchObject({
      diagnostics: expect.arrayContaining([
        expect.objectContaining({
          severity: "note",
          message: expect.stringContaining('features = ["custom"]'),
        }),
      ]),
    });
  });

  it("compiles its crates once: an edit compiles only the project's own code", async () => {
    await build(good("two"));
    const compiled = [...(await build(good("three"))).matchAll(/Compiling (\S+)/g)].map(([, name]) => name);
    expect(compiled.toSorted()).toEqual(["my-program", "part"]);
  });

  it("is shown its errors by file, line and column", async () => {
    const broken = { ...good("x"), "part/src/lib.rs": "pub fn word() -> &'static str {\n    missing()\n}\n" };
    await expect(build(broken)).rejects.toMatchObject({
      diagnostics: [
        expect.objectContaining({ severity: "error", file: "part/src/lib.rs", line: 2, column: 5 }),
      ],
    });
  });

  it("is refused where the operator does not let crates be fetched", async () => {
    const strict = createBuilder({
      dataDir: join(dataDir, "strict"),
      limits,
      rust: { allowRegistry: false },
    });
    await expect(build(good("y"), strict)).rejects.toMatchObject({ code: "TER_RUST_NO_REGISTRY" });
    await strict.close();
  });

  it("is refused where others can connect and there is no sandbox", async () => {
    const path = (process.env["PATH"] ?? "")
      .split(":")
      .filter((folder) => !["/usr/bin", "/bin"].includes(folder))
      .join(":");
    const open = createBuilder({
      dataDir: join(dataDir, "open"),
      limits,
      rust: { requireSandbox: true, path },
    });
    await expect(build({ "src/lib.rs": PROGRAM }, open)).rejects.toMatchObject({
      code: "TER_RUST_NO_SANDBOX",
    });
    await open.close();
  });

  it("runs nothing that its cargo configuration names", async () => {
    // Were it read, the shell would be handed the compiler as a script, and nothing would build.
    await build({ ...good("four"), ".cargo/config.toml": '[build]\nrustc-wrapper = "/bin/sh"\n' });
  });

  it("can harm nobody by a build script or a macro", async () => {
    const heard: string[] = [];
    const server = createServer((socket) => void (heard.push("v4"), socket.destroy()));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const secret = join(homedir(), `.terrarium-secret-${process.pid}`);
    writeFileSync(secret, "secret of the home");
    process.env["TERRARIUM_TEST_SECRET"] = "secret of the environment";
    const settings = defaultRustSettings();
    const toolchain = await findToolchain(settings.path, settings.home);
    if (isToolchainMissing(toolchain)) throw new Error(toolchain.reason);
    const set = await findPreparedSet(settings.cacheFolder, await toolchainKey(toolchain), "current");
    const crate = set!.crates["http_guest"]!;
    const before = readFileSync(crate);
    const attacks = ATTACKS.replaceAll("SECRET", secret)
      .replaceAll("PORT", String((server.address() as { port: number }).port))
      .replaceAll("CRATE", crate)
      .replaceAll("CACHE", settings.cacheFolder)
      .replaceAll("MARK", `98767.${process.pid}`);
    try {
      const text = await build({
        "Cargo.toml": `${MANIFEST.replace(/fastrand.*\n/, "")}mac = { path = "mac" }\n`,
        "attacks.rs": attacks,
        "build.rs": 'include!("attacks.rs");\nfn main() { attacks("script"); }\n',
        "src/lib.rs": `${PROGRAM}\nmac::attack!();\n`,
        "part/Cargo.toml": PART,
        "part/src/lib.rs":
          'pub fn word() -> &\'static str { option_env!("TERRARIUM_TEST_SECRET").unwrap_or("none") }\n',
        "mac/Cargo.toml":
          '[package]\nname = "mac"\nversion = "0.1.0"\nedition = "2021"\n[lib]\nproc-macro = true\n',
        "mac/src/lib.rs":
          'include!("../../attacks.rs");\n#[proc_macro]\npub fn attack(_: ' +
          'proc_macro::TokenStream) -> proc_macro::TokenStream { attacks("macro"); Default::default() }\n',
      }).catch((error: { message: string }) => error.message);
      const outcomes = [...text.matchAll(/ATTACK (\S+) (\S+) (.*)/g)].map(
        ([, who, what, outcome]) => `${who} ${what} ${outcome}`,
      );
      const expected = ["script", "macro"].flatMap((who) =>
        ["users", "home", "environment", "builds", "network", "crates", "archives"].map(
          (what) => `${who} ${what} failed`,
        ),
      );
      expect(outcomes.filter((line) => !line.includes("daemon")).toSorted()).toEqual(expected.toSorted());
      expect(heard).toEqual([]);
      expect(readFileSync(crate).equals(before)).toBe(true);
      expect(runningWith(`98767.${process.pid}`)).toEqual([]);
    } finally {
      delete process.env["TERRARIUM_TEST_SECRET"];
      rmSync(secret, { force: true });
      server.close();
    }
  });

  it("reads no file of the machine by a macro of the language", async () => {
    for (const file of ["/etc/passwd", "/proc/1/environ", join(homedir(), ".bashrc")]) {
      await expect(
        build({
          "src/lib.rs":
            `pub const STOLEN: &[u8] = ` +
            `include_bytes!("${file}");\n#[unsafe(no_mangle)] pub extern "C" fn run() {}\n`,
        }),
      ).rejects.toMatchObject({ code: "TER_BUILD_FAILED" });
    }
  });
});

/** Says of each attack whether it failed; included by a build script and by a macro. */
const ATTACKS = `
fn attacks(who: &str) {
    let say = |what: &str, failed: bool| {
        let line = format!("ATTACK {who} {what} {}", if failed { "failed" } else { "WORKED" });
        if who == "script" { println!("cargo:warning={line}") } else { eprintln!("{line}") }
    };
    say("users", std::fs::read("/etc/passwd").is_err() && std::fs::read("/etc/shadow").is_err());
    say("home", std::fs::read("SECRET").is_err());
    say("environment", std::env::vars().all(|(_, value)| !value.contains("secret of")));
    say("builds", std::fs::read_dir("CACHE/scratch").map_or(true, |all| all.count() <= 1));
    say("network", std::net::TcpStream::connect(("127.0.0.1", PORT)).is_err());
    say("crates", std::fs::write("CRATE", "poison").is_err() && std::fs::remove_file("CRATE").is_err());
    say("archives", std::fs::write("CACHE/dependencies/poison.tar", "poison").is_err()
        && std::fs::write("CACHE/cargo-home/poison", "poison").is_err());
    let _ = std::process::Command::new("setsid").args(["sleep", "MARK"]).stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn();
}
`;

/** Processes of the machine with a word in their command line. */
function runningWith(mark: string): string[] {
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").includes(mark);
    } catch {
      return false;
    }
  });
}
