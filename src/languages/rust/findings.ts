// A compiler's output while it runs, as text for people and as diagnostics.
import type { CompileOptions, Diagnostic } from "../../compiler-host/compiler.ts";
import { adviceFor } from "./advice.ts";
import { parseCargoLine, parseRustcLine, type RustcMessage, toDiagnostic } from "./messages.ts";

/** Collects what the compiler finds; its output is sent as output events. */
export class Findings {
  readonly #onEvent: CompileOptions["onEvent"];
  readonly diagnostics: Diagnostic[] = [];

  constructor({ onEvent }: CompileOptions) {
    this.#onEvent = onEvent;
  }

  /** A line of rustc's stderr. */
  takeRustc(line: string): void {
    const message = parseRustcLine(line);
    if (message !== null) this.#take(message);
    else if (!line.startsWith("{")) this.say(line);
  }

  /** A line of cargo's stdout. */
  takeCargo(line: string): void {
    const message = parseCargoLine(line);
    if (message?.kind === "diagnostic") this.#take(message.message);
  }

  /** A line for people. */
  say(line: string): void {
    this.#onEvent({ kind: "output", text: `${line}\n` });
  }

  #take(message: RustcMessage): void {
    if (message.rendered !== null) this.#onEvent({ kind: "output", text: message.rendered });
    const diagnostic = toDiagnostic(message);
    if (diagnostic !== null) this.diagnostics.push(diagnostic);
    const advice = adviceFor(message.message);
    if (advice === null) return;
    this.say(`advice: ${advice}`);
    this.diagnostics.push({ severity: "note", file: null, line: null, column: null, message: advice });
  }
}
