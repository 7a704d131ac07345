import { CATALOGUE, type ErrorCode } from "./catalogue.ts";
import type { ErrorEntry, ErrorKind } from "./entry.ts";
import { EXIT } from "./exit-codes.ts";

/** Values for the placeholders of message and fix; they also travel in problem+json and `--json` output. */
export type ErrorDetails = Readonly<Record<string, Detail>>;
type Detail = string | number | boolean | null;

/** Texts that another process has filled already. */
interface FilledTexts {
  readonly message: string;
  readonly fix: string;
}

export interface TerrariumErrorOptions extends ErrorOptions {
  readonly texts?: FilledTexts;
}

/** Names of a template's placeholders. */
type PlaceholderOf<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholderOf<Rest>
  : never;
type DetailNameOf<Code extends ErrorCode> = PlaceholderOf<
  (typeof CATALOGUE)[Code]["message"] | (typeof CATALOGUE)[Code]["fix"]
>;
type DetailsFor<Code extends ErrorCode> = ErrorDetails & Readonly<Record<DetailNameOf<Code>, Detail>>;

/** A code with all that its texts need: one that lacks a detail does not compile. */
export type ErrorArguments = {
  [Code in ErrorCode]: [DetailNameOf<Code>] extends [never]
    ? [code: Code, details?: ErrorDetails, options?: TerrariumErrorOptions]
    : [code: Code, details: DetailsFor<Code>, options?: TerrariumErrorOptions];
}[ErrorCode];

/** The one error class: a code of the catalogue, and what fills its texts. `message` says what happened. */
export class TerrariumError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  /** What to do about it. */
  readonly fix: string;

  constructor(...[code, details = {}, options = {}]: ErrorArguments) {
    const { cause, texts = filledFrom(CATALOGUE[code], details) } = options;
    super(texts.message, cause === undefined ? {} : { cause });
    this.name = "TerrariumError";
    this.code = code;
    this.details = details;
    this.fix = texts.fix;
  }

  /** An error whose code is known at run time only. */
  static of(code: ErrorCode, details: ErrorDetails, options: TerrariumErrorOptions = {}): TerrariumError {
    return new TerrariumError(...([code, details, options] as unknown as ErrorArguments));
  }

  get kind(): ErrorKind {
    return CATALOGUE[this.code].kind;
  }

  /** HTTP status of the response that this error becomes. */
  get status(): number {
    return CATALOGUE[this.code].status;
  }

  /** How a command that meets this error ends. */
  get exitCode(): number {
    return EXIT[CATALOGUE[this.code].exit];
  }

  /** What a person reads where there is one text: what happened, and the fix. */
  get text(): string {
    const { verbatim }: ErrorEntry = CATALOGUE[this.code];
    return verbatim === true || this.fix === "" ? this.message : `${this.message}. ${this.fix}`;
  }
}

/** Anything thrown as an error of the catalogue; what is not one yet is a bug in Terrarium. */
export function asTerrariumError(cause: unknown): TerrariumError {
  if (cause instanceof TerrariumError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TerrariumError("TER_INTERNAL", { reason }, { cause });
}

function filledFrom(entry: ErrorEntry, details: ErrorDetails): FilledTexts {
  return { message: fill(entry.message, details), fix: fill(entry.fix, details) };
}

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(details, name) ? show(details[name]) : whole,
  );
}

/** Numbers of a limit have many digits: `1,048,576`. */
function show(value: Detail | undefined): string {
  return typeof value === "number" ? String(value).replace(/\B(?=(\d{3})+$)/g, ",") : String(value);
}
