// What a benchmark measured, as data.
import { loadavg } from "node:os";
import { barOf, type BarName } from "../bars.ts";

/** One measured number. */
export interface Row {
  readonly what: string;
  /** Null: not measured, and `note` says why. */
  readonly value: number | null;
  readonly unit: string;
  /** The promise that this row is held to. */
  readonly bar?: BarName;
  readonly note?: string;
}

/** A trial in which a platform was broken on purpose, and what its clients were answered. */
export interface Trial {
  readonly what: string;
  /** Which version, and how long it took. */
  readonly version: string;
  readonly minutes: number;
  readonly killed: number;
  readonly frozen: number;
  /** Cuts of power. */
  readonly cut: number;
  readonly requests: number;
  readonly acknowledged: number;
  /** Acknowledged and gone. */
  readonly lost: number;
  /** Answers that no history explains, and times that the platform did not come back by itself. */
  readonly wrong: number;
  /** Null where a trial stops the platform itself. */
  readonly longestGapMs: number | null;
}

/** One value a minute. */
export interface Series {
  readonly what: string;
  readonly unit: string;
  readonly values: readonly number[];
}

/** All rows of one benchmark. */
export interface Figure {
  /** Name of its pages. */
  readonly name: string;
  readonly title: string;
  /** How to measure it again. */
  readonly command: string;
  /** Processor and Node version. */
  readonly machine?: string;
  /** How it was measured, in a sentence or two. */
  readonly method: string;
  readonly rows: readonly Row[];
  readonly trials?: readonly Trial[];
  /** Drawn in place of the rows. */
  readonly timeline?: readonly Series[];
}

/** Whether a row meets its bar; null without a bar or a value. */
export function isMet({ value, bar }: Row): boolean | null {
  if (bar === undefined || value === null) return null;
  const { kind, value: limit } = barOf(bar);
  return kind === "at most" ? value <= limit : value >= limit;
}

/** A number with as many digits as mean something. */
export function showNumber(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** How busy the machine was, for the sentence that says how a figure was measured. */
export function loadText(): string {
  const loads = loadavg().map((load) => load.toFixed(1));
  return `Load average at the end ${loads.join(" ")}.`;
}
