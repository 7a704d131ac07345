import { expect, test } from "vitest";
import { parseCargoLine, parseRustcLine, toDiagnostic } from "./messages.ts";

const MESSAGE = {
  $message_type: "diagnostic",
  message: "mismatched types",
  level: "error",
  rendered: "error: mismatched types\n",
  spans: [
    { file_name: "src/other.rs", line_start: 1, column_start: 1, is_primary: false },
    { file_name: "src/lib.rs", line_start: 3, column_start: 9, is_primary: true },
  ],
};

test("a diagnostic of rustc has the location of its first primary span", () => {
  const message = parseRustcLine(JSON.stringify(MESSAGE))!;
  expect(toDiagnostic(message)).toEqual({
    severity: "error",
    file: "src/lib.rs",
    line: 3,
    column: 9,
    message: "mismatched types",
  });
});

test("a summary line is no diagnostic, an internal error is one without a location", () => {
  expect(
    toDiagnostic({ message: "aborting due to 2 previous errors", level: "error", rendered: "", spans: [] }),
  ).toBeNull();
  expect(
    toDiagnostic({ message: "1 warning emitted", level: "warning", rendered: "", spans: [] }),
  ).toBeNull();
  expect(
    toDiagnostic({
      message: "linker not found",
      level: "error: internal compiler error",
      rendered: "",
      spans: [],
    }),
  ).toMatchObject({ severity: "error", file: null });
});

test.each(["", "warning: unused", "{", '{"$message_type":"artifact"}', "null"])(
  "%j of rustc is not one",
  (line) => expect(parseRustcLine(line)).toBeNull(),
);

test("cargo's lines are diagnostics, crates that were built, or irrelevant", () => {
  expect(parseCargoLine(JSON.stringify({ reason: "compiler-message", message: MESSAGE }))).toMatchObject({
    kind: "diagnostic",
    message: { level: "error" },
  });
  const artifact = {
    reason: "compiler-artifact",
    target: { name: "http", kind: ["lib"] },
    filenames: ["/x/libhttp.rlib"],
  };
  expect(parseCargoLine(JSON.stringify(artifact))).toEqual({
    kind: "artifact",
    artifact: { name: "http", kinds: ["lib"], files: ["/x/libhttp.rlib"] },
  });
  expect(parseCargoLine('{"reason":"build-finished"}')).toBeNull();
});
