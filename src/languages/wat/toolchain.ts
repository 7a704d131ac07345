// The text format: `src/main.wat` to a module with its names, and modules to text.
import { checkFlags } from "../../compiler-host/flags.ts";
import type { Toolchain, ToolchainJob, ToolchainResult } from "../../compiler-host/worker/protocol.ts";
import { assembleText, loadAssembler } from "./assembler.ts";
import { disassemble } from "./text.ts";

const ENTRY = "src/main.wat";

/** The assembler. */
export async function createToolchain(): Promise<Toolchain> {
  return { warm: loadAssembler, compile, disassemble };
}

async function compile(job: ToolchainJob): Promise<ToolchainResult> {
  checkFlags(job.flags, { accepted: [], summary: null });
  const text = job.files.get(ENTRY) ?? new Uint8Array();
  const outcome = await assembleText(text);
  if (outcome.kind === "done") return { wasm: outcome.bytes, diagnostics: [] };
  const [, line = "0", column = "0", reason = "The assembler gave no reason"] =
    /^(\d+):(\d+):(.*)$/s.exec(outcome.kind === "refused" ? outcome.message : "") ?? [];
  const location = line === "0" ? null : { line: Number(line), column: Number(column) };
  const sourceLine = new TextDecoder().decode(text).split("\n")[Number(line) - 1] ?? "";
  const message = reason.endsWith("unexpected token")
    ? withToken(reason, tokenAt(sourceLine, Number(column)))
    : reason;
  job.write(report(sourceLine, location, message));
  const { line: atLine, column: atColumn } = location ?? { line: null, column: null };
  return {
    wasm: null,
    diagnostics: [{ severity: "error", file: ENTRY, line: atLine, column: atColumn, message }],
  };
}

/** `do` stands only in the old `try` in parentheses, which the assembler knows as a sequence alone. */
function withToken(reason: string, token: string): string {
  const message = `${reason} ${JSON.stringify(token)}`;
  if (token !== "do") return message;
  return (
    `${message}: the folded form of the old \`try\` is not supported. Write it as a sequence ` +
    "(try … catch … end), or use try_table"
  );
}

/** The token that starts at a column, which the assembler does not name. */
function tokenAt(line: string, column: number): string {
  return /^[^\s();"]+/.exec([...line].slice(column - 1).join(""))?.[0] ?? "";
}

/** `src/main.wat:3:5: error: message`, and the line with a caret below the column. */
function report(
  sourceLine: string,
  location: { readonly line: number; readonly column: number } | null,
  message: string,
): string {
  if (location === null) return `${ENTRY}: error: ${message}\n`;
  const { line, column } = location;
  return `${ENTRY}:${line}:${column}: error: ${message}\n${sourceLine}\n${" ".repeat(column - 1)}^\n`;
}
