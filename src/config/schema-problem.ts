// What a schema says of a value that it refuses, in the words of every other message.
import type { z } from "zod";

/** Longest part of a refused text that a message quotes, in characters. */
const MAX_QUOTED = 60;

/** Longest list of choices that a message names. */
const MAX_CHOICES = 20;

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

const TYPES: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "a string",
};

/**
 * The predicate of a refusal, such as `must be a string, not a list`: pass it to `safeParse` as `error`. A
 * message that the schema itself gives goes first.
 */
export function schemaMessage(issue: RawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : mustBe(TYPES[issue.expected], issue.input);
    case "invalid_value":
      return mustBe(choices(issue.values.map(String)), issue.input);
    case "too_big":
      return bounded("at most", issue.maximum, issue);
    case "too_small":
      return bounded("at least", issue.minimum, issue);
    case "unrecognized_keys":
      return `has the unknown ${issue.keys.length === 1 ? "key" : "keys"} ${quoteAll(issue.keys).join(", ")}`;
    default:
      return mustBe(undefined, issue.input);
  }
}

/** The subject and the predicate in one sentence; without subject, `whole` stands for it. */
export function schemaProblem({ path, message }: z.core.$ZodIssue, whole: string): string {
  const subject = path.length === 0 ? whole : path.map(String).join(".");
  return `${subject}${/^(is|must|has) /.test(message) ? " " : ": "}${message}`;
}

function mustBe(wanted: string | undefined, input: unknown): string {
  return wanted === undefined ? `must not be ${nameOf(input)}` : `must be ${wanted}, not ${nameOf(input)}`;
}

function bounded(word: string, bound: number | bigint, { input }: RawIssue): string {
  if (typeof input === "string") return `must have ${word} ${bound} characters, not ${input.length}`;
  if (Array.isArray(input)) return `must have ${word} ${bound} entries, not ${input.length}`;
  return mustBe(`${word} ${bound}`, input);
}

function choices(values: readonly string[]): string {
  const shown = quoteAll(values.slice(0, MAX_CHOICES));
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}

function quoteAll(values: readonly string[]): string[] {
  return values.map((value) => quote(value));
}

function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}

/** Short texts, numbers and switches as they are; of everything else its type. */
function nameOf(input: unknown): string {
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "string") return quote(input);
  if (typeof input === "number") return Number.isNaN(input) ? "a text" : String(input);
  return typeof input === "boolean" ? String(input) : (TYPES[typeof input] ?? "this value");
}
