import { expect, test } from "vitest";
import { lostOutput } from "./lost-output.ts";

const warnings = (file: string, text: string) => lostOutput(new Map([[file, Buffer.from(text)]]));

test.each(["println!", "eprintln!", "print!", "eprint!", "dbg!"])(
  "%s is warned of, with its place",
  (name) => {
    expect(warnings("src/lib.rs", `fn a() {\n    ${name}("x");\n}\n`)).toMatchObject([
      { severity: "warning", file: "src/lib.rs", line: 2, column: 5 },
    ]);
  },
);

test.each([
  ["src/lib.rs", "// println!(1)\nfn a() {}"],
  ["src/lib.rs", "my_println!(1); writeln!(f)"],
  ["build.rs", 'fn main() { println!("cargo:rustc-cfg=x"); }'],
  ["src/page.html", "println!(1)"],
])("%s with %j is not", (file, text) => {
  expect(warnings(file, text)).toEqual([]);
});
