// Turns the JSON output of rustc and cargo into diagnostics and text.
import type { Diagnostic } from "../../compiler-host/compiler.ts";

/** One diagnostic of rustc, as far as we read it. */
export interface RustcMessage {
  readonly message: string;
  readonly level: string;
  readonly rendered: string | null;
  readonly spans: readonly {
    readonly file_name: string;
    readonly line_start: number;
    readonly column_start: number;
    readonly is_primary: boolean;
  }[];
}

/** A crate that cargo has built. */
interface CargoArtifact {
  readonly name: string;
  readonly kinds: readonly string[];
  readonly files: readonly string[];
}

export type CargoMessage =
  | { readonly kind: "diagnostic"; readonly message: RustcMessage }
  | { readonly kind: "artifact"; readonly artifact: CargoArtifact };

interface CargoLine {
  readonly reason?: string;
  readonly message?: RustcMessage;
  readonly target?: { readonly name: string; readonly kind: readonly string[] };
  readonly filenames?: readonly string[];
}

/** A line of `rustc --error-format=json`; null for other things that it says. */
export function parseRustcLine(line: string): RustcMessage | null {
  const value = parseObject(line) as (RustcMessage & { readonly $message_type?: string }) | null;
  return value?.$message_type === "diagnostic" ? value : null;
}

/** A line of `cargo --message-format=json`; null for what does not concern us. */
export function parseCargoLine(line: string): CargoMessage | null {
  const value = parseObject(line) as CargoLine | null;
  if (value?.reason === "compiler-message" && value.message !== undefined)
    return { kind: "diagnostic", message: value.message };
  if (value?.reason !== "compiler-artifact" || value.target === undefined) return null;
  return {
    kind: "artifact",
    artifact: { name: value.target.name, kinds: value.target.kind, files: value.filenames ?? [] },
  };
}

/** The diagnostic in our own form; null for notes that only summarize. */
export function toDiagnostic({ message, level, spans }: RustcMessage): Diagnostic | null {
  const severity = level.startsWith("error") ? "error" : level === "warning" ? "warning" : "note";
  const span = spans.find((candidate) => candidate.is_primary);
  if (
    span === undefined &&
    /^(aborting due to|\d+ warnings? emitted|For more information|Some errors have)/.test(message)
  )
    return null;
  return {
    severity,
    file: span?.file_name ?? null,
    line: span?.line_start ?? null,
    column: span?.column_start ?? null,
    message,
  };
}

function parseObject(line: string): unknown {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
