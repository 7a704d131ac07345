import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { faultOfReason, faultOfSentence } from "./grammar.ts";

test.each([
  ["Cannot store value: ${} bytes; the limit is ${}"],
  ["${} exited; restarting it"],
  ["`terrarium doctor` lists what is missing"],
  ["--cert and --key are used only with --tls files"],
  ["There is no variable ${}"],
  ["Shutting down…"],
])("%j can stand alone", (text) => expect(faultOfSentence(text)).toBeNull());

test.each([
  ["the store does not answer", "without a capital"],
  ["Cannot read the file.", "full stop"],
  ["Done!", "full stop"],
  ["The key is 21 bytes, allowed are 20", "the limit is N"],
  ["This is a bug of ours", "in Terrarium"],
  ["The file could not be read", "active voice"],
  ["This is no module", "is not a"],
  ["Programs may not call it", "cannot"],
])("%j is a fault of a sentence", (text, advice) => expect(faultOfSentence(text)).toContain(advice));

test.each([
  ["it is not base64"],
  ["HTTP/1.0 has no transfer-encoding"],
  ["Cargo.toml names no package"],
  ["${} is given twice"],
])("%j can complete a message", (text) => expect(faultOfReason(text)).toBeNull());

test.each([
  ["The body ended early", "begins with a capital"],
  ["it is not base64.", "full stop"],
  ["it is no tar", "is not a"],
])("%j is a fault of a reason", (text, advice) => expect(faultOfReason(text)).toContain(advice));

const folder = mkdtempSync(join(tmpdir(), "terrarium-lint-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the linter finds the faults where messages are thrown, logged and printed, and nothing else", () => {
  const plugin = join(import.meta.dirname, "plugin.ts");
  const rules = { "terrarium/message-grammar": "error" };
  writeFileSync(join(folder, ".oxlintrc.json"), JSON.stringify({ jsPlugins: [plugin], rules }));
  writeFileSync(
    join(folder, "source.ts"),
    `class Sample {
     #log: Log;
     run() {
     throw new Error("one");
     throw new TypeError(x ? "Good" : \`two \${x}\`);
     throw new TerrariumError("TER_ARCHIVE_INVALID", { reason: "Three is here", fix: "four" });
     throw new TerrariumError("TER_BAD_REQUEST", { reason: "five " + x });
     this.#log.warn({ err }, "six");
     context.terminal.notice("seven");
     throw usage("Good", "eight");
     throw badCall("Nine is here");
     throw new Error("Good " + x);
     throw new Reason("good");
     other.notice("good");
     log.info({ x }, "Good");
     } }`,
  );
  const found = lint(folder).match(/The message "\S+/g);
  expect(found?.map((text) => text.slice(13).replace('"', ""))).toEqual([
    "one",
    "two",
    "Three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "Nine",
  ]);
});

function lint(where: string): string {
  const oxlint = join(import.meta.dirname, "../../node_modules/oxlint/bin/oxlint");
  try {
    return execFileSync(process.execPath, [oxlint, "-c", ".oxlintrc.json", "--format", "unix", "source.ts"], {
      cwd: where,
      encoding: "utf8",
    });
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}
