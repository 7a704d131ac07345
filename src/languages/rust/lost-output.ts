// Warns of output that goes nowhere: the target of Rust programs has no standard streams, so `println!` and
// the like do nothing, without a word from the compiler.
import type { Diagnostic } from "../../compiler-host/compiler.ts";
import type { ProjectFiles } from "../../project/files.ts";

const MACRO = /(?<![\w:!"'])(e?println|e?print|dbg)!\s*[([{]/;

/** One warning for each source that prints, at the first place where it does. */
export function lostOutput(files: ProjectFiles): Diagnostic[] {
  return [...files].flatMap(([file, bytes]): Diagnostic[] => {
    if (!/^src\/.*\.rs$/.test(file)) return [];
    const lines = new TextDecoder().decode(bytes).split("\n");
    const index = lines.findIndex((line) => MACRO.test(line.replace(/\/\/.*/, "")));
    const found = MACRO.exec(lines[index] ?? "");
    if (found === null) return [];
    const message =
      `\`${found[1]}!\` writes nowhere on this target. ` +
      "Write to the log with `http_guest::hostcalls::debug(&text)`";
    return [{ severity: "warning", file, line: index + 1, column: found.index + 1, message }];
  });
}
