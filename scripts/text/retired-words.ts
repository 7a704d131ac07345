// Words that no text of this repository uses any more, and what to write. scripts/check-words.ts looks for
// them in code, comments, pages, messages and names of tests.

export interface RetiredWord {
  readonly pattern: RegExp;
  readonly instead: string;
}

export const RETIRED_WORDS: readonly RetiredWord[] = [
  { pattern: /\bmend(s|ed|ing)?\b/i, instead: "fix" },
  { pattern: /\bremed(y|ies)\b|remed(y|ies)For|_REMEDY\b/i, instead: "fix" },
  { pattern: /\b(programs?|clients?|crates|C|code) of then\b/i, instead: "of 2019" },
  { pattern: /\bdear case\b/i, instead: "the expensive case" },
  { pattern: /\bcanary can sing\b/i, instead: "what the canary detects" },
  { pattern: /\bbetween two questions\b/i, instead: "between two pings" },
  { pattern: /\b(allowed|accepted) are\b/i, instead: "the limit is N, use one of" },
  { pattern: /\bof ours\b/i, instead: "Terrarium's, the platform's" },
  { pattern: /\bground\b/i, instead: "what it is: background, base, services" },
  { pattern: /\bfacts\b/i, instead: "what they are: fields, values, measurements" },
  { pattern: /\bin words\b/i, instead: "as text" },
  { pattern: /\bwhat becomes of\b/i, instead: "what happens to" },
  { pattern: /\bthan (it|they) may\b/i, instead: "the limit" },
  { pattern: /\btaken up again\b/i, instead: "resumed" },
  { pattern: /\b(was|were) not able\b/i, instead: "cannot" },
  {
    pattern: /[a-z]Places?\b|\bplaceOf\b|\bWorkplace\b/,
    instead: "location, sequence, position or route",
  },
  { pattern: /\bCallMistake\b|\bmistakes\.ts\b/, instead: "CallError" },
];

/** Files that name these words for a reason. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  "scripts/text/retired-words.ts": "the list",
  "scripts/check-words.test.ts": "tests the list",
  "scripts/lint/grammar.test.ts": "tests the phrases that messages do not have",
};
