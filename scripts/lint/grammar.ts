// The grammar of messages. A sentence stands alone: capital first, no full stop. A reason completes the
// sentence of another message ("Cannot read the archive: it is not base64"): lower case first, no full stop.

/** What is wrong with a text that stands alone; null if nothing is. `${}` stands for a value. */
export function faultOfSentence(text: string): string | null {
  if (!/^[A-Z0-9`"'(\s]|^\$\{\}|^--/.test(text)) return "begins without a capital";
  return faultOfAny(text);
}

/** What is wrong with a text that completes another one. A name of code or of a technology may begin it. */
export function faultOfReason(text: string): string | null {
  if (/^[A-Z][a-z]+ [a-z]/.test(text)) return "completes another message, and begins with a capital";
  return faultOfAny(text);
}

/** Turns of phrase that no message has, and what to write. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\b(allowed|accepted) are\b/i, 'write "the limit is N" or "use one of"'],
  [/\bof ours\b/i, 'write "in Terrarium"'],
  [/\b(was|were) not able\b/i, 'write "cannot"'],
  [/\bcould not be\b/i, 'say in the active voice what failed: "Cannot deploy the welcome program"'],
  [/\bmay not\b/i, 'write "cannot" or "must not"'],
  [/(?<!\bthere )\bis no\b(?! longer)/i, 'write "is not a" or "does not have"'],
  [/\bplease\b/i, "leave it out"],
  [/\bthan (it|they) may\b/i, "name the limit"],
];

function faultOfAny(text: string): string | null {
  if (/[^.][.!]\s*$/.test(text)) return "ends with a full stop";
  for (const [phrase, advice] of PHRASES) if (phrase.test(text)) return `says ${String(phrase)}: ${advice}`;
  return null;
}
