import { expect, test } from "vitest";
import { packageNames, skeletonOf } from "./skeleton.ts";

const MANIFESTS = {
  "Cargo.lock": "version = 4\n",
  "Cargo.toml":
    '[package]\nname = "root"\n[build-dependencies]\ncc = ' +
    '"1"\n[[bin]]\nname = "tool"\npath = "tools/tool.rs"\n',
  "part/Cargo.toml": '[package]\nname = "part"\nbuild = "make.rs"\n[lib]\npath = "source/part.rs"\n',
};

test("a skeleton has the manifests and an empty source for whatever they name", () => {
  const files = skeletonOf(MANIFESTS);
  expect([...files.keys()].toSorted()).toEqual([
    "Cargo.lock",
    "Cargo.toml",
    "build.rs",
    "part/Cargo.toml",
    "part/source/part.rs",
    "src/lib.rs",
    "tools/tool.rs",
  ]);
  expect(files.get("part/source/part.rs")).toBe("");
  expect(packageNames(MANIFESTS)).toEqual(["root", "part"]);
});

test.each(["../../outside.rs", "/etc/outside.rs", "..", "a/../../../outside.rs"])(
  "a source at %s is not written",
  (path) => {
    const files = skeletonOf({ "Cargo.toml": `[package]\nname = "x"\n[lib]\npath = "${path}"\n` });
    expect([...files.keys()]).toEqual(["Cargo.toml"]);
  },
);
