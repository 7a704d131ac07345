// Output of commands: data on stdout, everything else on stderr, color only where it is wanted.
import { styleText } from "node:util";
import type { Environment } from "../config/environment.ts";
import type { TerrariumError } from "../errors/index.ts";
import { StatusLine } from "./status-line.ts";

/** Options that every command takes. */
export interface GlobalOptions {
  readonly C?: string;
  readonly yes?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** Output of one command. */
export class Terminal {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Prompts are possible: there is a terminal, and the user has not passed `--yes`. */
  readonly interactive: boolean;
  readonly #color: boolean;
  readonly #status: StatusLine;

  constructor(options: GlobalOptions, environment: Environment) {
    this.json = options.json === true;
    this.quiet = options.quiet === true;
    this.verbose = options.verbose === true;
    this.interactive =
      process.stdin.isTTY && process.stderr.isTTY && options.yes !== true && !environment.ci && !this.json;
    this.#color = process.stderr.isTTY && !environment.noColor;
    this.#status = new StatusLine(process.stderr, process.stderr.isTTY && !this.quiet && !environment.ci);
  }

  /** Data for people; nothing under `--json`. */
  print(text: string): void {
    this.#status.waitFor(null);
    if (!this.json) process.stdout.write(`${text}\n`);
  }

  /** Data for programs; nothing without `--json`. */
  printJson(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Bytes as they are. */
  printBytes(bytes: Uint8Array): void {
    process.stdout.write(bytes);
  }

  /** Progress, for people. */
  notice(text: string): void {
    if (!this.quiet) this.#status.writeLine(text);
  }

  /** Only with `--verbose`. */
  detail(text: string): void {
    if (this.verbose) this.#status.writeLine(text);
  }

  /** Text of a compiler, in the pieces in which it comes. */
  output(text: string): void {
    this.#status.write(text);
  }

  /** What is being waited for: shown with the seconds while somebody watches, until the next call. */
  waitFor(label: string | null): void {
    this.#status.waitFor(label);
  }

  /** What went wrong and the fix, in one line unless the message has several. A bug in Terrarium comes with its stack. */
  failure(error: TerrariumError): void {
    this.#status.waitFor(null);
    const isLong = error.message.includes("\n");
    const label = this.style("red", "error");
    this.#status.writeLine(
      `${label}: ${isLong || error.fix === "" ? error.message : `${error.message}. ${error.fix}`}`,
    );
    if (error.code === "TER_INTERNAL" && error.cause instanceof Error)
      this.#status.writeLine(error.cause.stack ?? "");
    if (isLong && error.fix !== "") this.#status.writeLine(`${this.style("cyan", "fix")}: ${error.fix}`);
  }

  /** Styled for stderr; plain where color is not wanted. */
  style(style: Style, text: string): string {
    return this.#color ? styleText(style, text, { validateStream: false }) : text;
  }

  /** A table with a header; columns are as wide as needed. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const widths = head.map((title, column) =>
      Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
    );
    const line = (cells: readonly string[]) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd();
    this.print([line(head), ...rows.map(line)].join("\n"));
  }
}
