// How deep a module's text nests: folded expressions by parentheses, flat ones by `block`, `loop`, `if`,
// `try` and `end`.

const [NEWLINE, QUOTE, OPEN, CLOSE, SEMICOLON, BACKSLASH] = [0x0a, 0x22, 0x28, 0x29, 0x3b, 0x5c];
const OPENERS = new Set(["block", "loop", "if", "try", "try_table"]);
const CLOSERS = new Set(["end", "delegate"]);
/** No keyword that counts is longer. */
const LONGEST_KEYWORD = 9;

/** Deepest level of nesting in the text (UTF-8). Text that is not well formed gives some number. */
export function deepestNesting(text: Uint8Array): number {
  let deepest = 0;
  let parentheses = 0;
  let blocks = 0;
  let isFolded = false;
  for (let at = 0; at < text.length;) {
    const byte = text[at] ?? 0;
    if (byte === QUOTE) at = afterString(text, at);
    else if (byte === SEMICOLON && text[at + 1] === SEMICOLON) at = afterLine(text, at);
    else if (byte === OPEN && text[at + 1] === SEMICOLON) at = afterComment(text, at);
    else if (isWordByte(byte)) {
      const end = afterWord(text, at);
      const word = end - at <= LONGEST_KEYWORD ? String.fromCharCode(...text.subarray(at, end)) : "";
      if (!isFolded && OPENERS.has(word)) blocks++;
      else if (!isFolded && CLOSERS.has(word)) blocks--;
      isFolded = false;
      at = end;
    } else {
      if (byte === OPEN) parentheses++;
      if (byte === CLOSE) parentheses--;
      if (byte > 0x20) isFolded = byte === OPEN;
      at++;
    }
    deepest = Math.max(deepest, parentheses + blocks);
  }
  return deepest;
}

/** Bytes of keywords, numbers and `$names`: everything printable but delimiters. */
function isWordByte(byte: number): boolean {
  return (
    byte > 0x20 && byte !== OPEN && byte !== CLOSE && byte !== SEMICOLON && byte !== QUOTE && byte !== 0x2c
  );
}

function afterWord(text: Uint8Array, at: number): number {
  while (at < text.length && isWordByte(text[at] ?? 0)) at++;
  return at;
}

function afterString(text: Uint8Array, at: number): number {
  for (at++; at < text.length && text[at] !== QUOTE; at++) if (text[at] === BACKSLASH) at++;
  return at + 1;
}

function afterLine(text: Uint8Array, at: number): number {
  const end = text.indexOf(NEWLINE, at);
  return end === -1 ? text.length : end;
}

/** Block comments nest. */
function afterComment(text: Uint8Array, at: number): number {
  let depth = 0;
  for (; at < text.length; at++) {
    if (text[at] === OPEN && text[at + 1] === SEMICOLON) depth++;
    else if (text[at] !== SEMICOLON || text[at + 1] !== CLOSE) continue;
    else if (--depth === 0) return at + 2;
    at++;
  }
  return at;
}
