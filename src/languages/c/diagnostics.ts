// Parses findings in the output of clang and wasm-ld.
import type { Diagnostic } from "../../compiler-host/compiler.ts";

const FINDING =
  /^(?:(?<file>[^\s:][^:\n]*):(?<line>\d+):(?<column>\d+): )?(?:(?:clang|wasm-ld): )?(?<severity>fatal error|error|warning|note): (?<message>.*)$/gm;

/** All findings in the text, in order. The linker's findings name at most a file. */
export function parseClangText(text: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { groups } of text.matchAll(FINDING)) {
    if (groups === undefined) continue;
    const { file, line, column, severity, message = "" } = groups;
    found.push({
      severity: severityOf(severity),
      file: file ?? objectsSource(message),
      line: numberOf(line),
      column: numberOf(column),
      message,
    });
  }
  return found;
}

/** The linker starts with the object's name: `src/main.c.o: undefined symbol: f`. */
function objectsSource(message: string): string | null {
  return /^([^:\s]+\.c)\.o: /.exec(message)?.[1] ?? null;
}

function severityOf(word: string | undefined): Diagnostic["severity"] {
  return word === "warning" || word === "note" ? word : "error";
}

function numberOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
