import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { assetsOf } from "./assets.ts";
import { detectLanguage } from "./detect-language.ts";
import { readManifest } from "./manifest.ts";
import { readFolder } from "../project/read-folder.ts";

const filesNamed = (...names: string[]): Map<string, Uint8Array> =>
  new Map(names.map((name) => [name, Buffer.from(name)]));

describe("the language of a project", () => {
  test("that a person asked for is obeyed or refused", () => {
    const names = ["src/a.c", "assembly/index.ts", "src/main.wat"];
    expect(detectLanguage(filesNamed(...names), { asked: "assemblyscript", hint: "c" })).toBe(
      "assemblyscript",
    );
    expect(detectLanguage(filesNamed(...names), { asked: "wasm", hint: null })).toBe("wat");
    expect(() => detectLanguage(filesNamed(...names), { asked: "rust", hint: "c" })).toThrow(
      "src/lib.rs or Cargo.toml",
    );
  });

  test.each([
    [["src/main.c", "module.wasm"], "c"],
    [["src/main.wat", "module.wasm"], "wat"],
    [["module.wasm"], "wasm"],
  ])("is that of the sources where a build left a module beside them: %j", (names, language) => {
    expect(detectLanguage(filesNamed(...names), { asked: null, hint: null })).toBe(language);
  });

  test.each([
    ["c", ["src/deep/a.c"], "c"],
    ["rust", ["src/lib.rs"], "rust"],
    ["rust", ["Cargo.toml"], "rust"],
    ["assemblyscript", ["assembly/index.ts", "assembly/other.ts"], "assemblyscript"],
    ["wasm", ["module.wasm", "src/main.wat"], "wasm"],
    ["wasm", ["src/main.wat"], "wat"],
    ["wat", ["module.wasm", "src/main.wat"], "wat"],
    ["c", ["src/a.c", "src/lib.rs"], "c"],
  ])("is the hint %s where its entry is among %j", (hint, names, language) => {
    expect(detectLanguage(filesNamed(...names), { asked: null, hint })).toBe(language);
  });

  test.each([
    ["c", ["assembly/index.ts", "README.md"], "assemblyscript"],
    ["wasm", ["src/main.c", "src/x.h"], "c"],
    ["rust", ["module.wasm", "src/main.wat"], "wasm"],
    ["typo", ["src/lib.rs"], "rust"],
    [null, ["src/main.wat"], "wat"],
    ["toString", ["src/main.wat"], "wat"],
  ])("is the only other one where the hint %s has no entry", (hint, names, language) => {
    expect(detectLanguage(filesNamed(...names), { asked: null, hint })).toBe(language);
  });

  test("is an error without an entry file, or with several and no hint", () => {
    expect(() => detectLanguage(filesNamed("main.c", "lib.rs"), { asked: null, hint: "c" })).toThrow(
      "The project has no entry file: expected a .c file in src/",
    );
    expect(() =>
      detectLanguage(filesNamed("src/a.c", "src/lib.rs"), { asked: null, hint: "assemblyscript" }),
    ).toThrow("expected assembly/index.ts");
    expect(() => detectLanguage(filesNamed("src/a.c", "src/lib.rs"), { asked: null, hint: null })).toThrow(
      "several languages: rust, c",
    );
  });
});

test("assets are served under their names, and index files for their folders too", () => {
  const assets = assetsOf(
    filesNamed("assets/index.html", "assets/docs/index.html", "assets/a b.css", "src/main.c", "assets.txt"),
    {},
  );
  expect([...assets.keys()].sort()).toEqual(["/", "/a b.css", "/docs/", "/docs/index.html", "/index.html"]);
  expect(assets.get("/docs/")).toBe(assets.get("/docs/index.html"));
});

test("the built module is an asset only if terrarium.toml says so", () => {
  const files = new Map([
    ...filesNamed("assets/program.wasm"),
    ["terrarium.toml", Buffer.from('publish-module = "/program.wasm"')] as const,
  ]);
  const module = Buffer.from("built");
  expect(assetsOf(files, readManifest(files), module).get("/program.wasm")).toBe(module);
  expect([...assetsOf(filesNamed("src/main.c"), {}, module).keys()]).toEqual([]);
});

describe("terrarium.toml", () => {
  const manifest = (text: string): unknown => readManifest(new Map([["terrarium.toml", Buffer.from(text)]]));

  test("names settings, which are text under names that every language's environment takes", () => {
    expect(manifest("[settings]\nGREETING = 'Good day'")).toEqual({ settings: { GREETING: "Good day" } });
    const many = Array.from({ length: 65 }, (_, index) => `S${index} = ""`).join("\n");
    for (const text of [
      "A = 1",
      "'9a' = ''",
      "'A=B' = ''",
      'A = "\\u0000"',
      many,
      `A = "${"x".repeat(4097)}"`,
    ])
      expect(() => manifest(`[settings]\n${text}`), text.slice(0, 20)).toThrow(/terrarium.toml: settings/);
    expect(() => manifest("[settings]\n'9a' = ''")).toThrow(
      "settings.9a is not a name of 1 to 64 letters, digits and _ that starts with a letter",
    );
  });

  test("is optional and read strictly", () => {
    expect(readManifest(new Map())).toEqual({});
    expect(manifest('name = "demo"\nlanguage = "c"\nflags = ["-O3"]\nttl = "2h"')).toEqual({
      name: "demo",
      language: "c",
      flags: ["-O3"],
      ttl: "2h",
    });
    expect(() => manifest("langauge = 'c'")).toThrow(/Cannot use terrarium.toml: .*langauge/);
    for (const path of ["program.wasm", "/../x.wasm", "/a//b.wasm", "/x.html"])
      expect(() => manifest(`publish-module = '${path}'`)).toThrow(/publish-module/);
    expect(() => manifest("ttl = 'soon'")).toThrow(/terrarium.toml: .*ttl/);
  });

  test("says where it is malformed", () => {
    expect(() => manifest("name = 'a'\nflags = [")).toThrow(/Cannot use terrarium.toml: line 2, column \d+/);
  });
});

describe("a folder on disk", () => {
  async function folder(): Promise<string> {
    const root = await mkdtemp(join(tmpdir(), "terrarium-folder-"));
    onTestFinished(() => rm(root, { recursive: true }));
    await mkdir(join(root, "project/src"), { recursive: true });
    await mkdir(join(root, "project/node_modules/a"), { recursive: true });
    await mkdir(join(root, "project/.git"));
    await writeFile(join(root, "outside.txt"), "secret");
    for (const name of ["src/main.c", "README.md", "node_modules/a/index.js", ".git/config", ".env"])
      await writeFile(join(root, "project", name), name);
    return join(root, "project");
  }

  test("is read without dotfiles and node_modules", async () => {
    expect([...(await readFolder(await folder())).keys()]).toEqual(["README.md", "src/main.c"]);
  });

  test("may link to its own files", async () => {
    const root = await folder();
    await symlink("main.c", join(root, "src/link.c"));
    expect(Buffer.from((await readFolder(root)).get("src/link.c") ?? []).toString()).toBe("src/main.c");
  });

  test("leaves out links that lead elsewhere, pipes and the like, and says so", async () => {
    const root = await folder();
    await symlink("../../outside.txt", join(root, "src/out.c"));
    await symlink("nowhere", join(root, "src/dangling.c"));
    await symlink(".", join(root, "src/loop"));
    execFileSync("mkfifo", [join(root, "src/pipe.c")]);
    const leftOut: string[] = [];
    const files = await readFolder(root, (name, reason) => void leftOut.push(`${name}: ${reason}`));
    expect([...files.keys()]).toEqual(["README.md", "src/main.c"]);
    expect(leftOut.sort()).toEqual([
      "src/dangling.c: the link leads nowhere",
      "src/loop: the link leads to a folder",
      "src/out.c: the link leads outside the project",
      "src/pipe.c: it is not a regular file",
    ]);
  });

  test("leaves out what .gitignore and .terrariumignore name, in any folder", async () => {
    const root = await folder();
    await writeFile(join(root, ".gitignore"), "*.md\nmodule.wasm\n");
    await writeFile(join(root, ".terrariumignore"), "!module.wasm\n");
    await writeFile(join(root, "module.wasm"), "");
    await writeFile(join(root, "src/.gitignore"), "main.c\n");
    expect([...(await readFolder(root)).keys()]).toEqual(["module.wasm"]);
  });
});
