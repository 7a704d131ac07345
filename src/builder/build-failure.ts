// What a failed build throws: the catalogue's error with everything that the compiler said.
import { TerrariumError } from "../errors/index.ts";
import type { Diagnostic } from "../compiler-host/compiler.ts";

/** TER_BUILD_FAILED whose message is the compiler's text. */
export class BuildFailure extends TerrariumError {
  readonly diagnostics: readonly Diagnostic[];
  /** All of the compiler's output that was kept. */
  readonly output: string;

  constructor(diagnostics: readonly Diagnostic[], output: string) {
    super("TER_BUILD_FAILED", { output: output.trimEnd() || textOf(diagnostics) });
    this.diagnostics = diagnostics;
    this.output = output;
  }
}

function textOf(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(formatDiagnostic).join("\n") || "The compiler failed and printed nothing";
}

/** `src/main.c:3:9: error: message`, the way compilers write it. */
function formatDiagnostic({ file, line, column, severity, message }: Diagnostic): string {
  const location = [file, line, column].filter((part) => part !== null).join(":");
  return `${location === "" ? "" : `${location}: `}${severity}: ${message}`;
}
