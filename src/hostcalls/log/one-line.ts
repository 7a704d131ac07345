// Text that stays one event: it can neither forge lines nor control a terminal.

/** Characters spelled out in one step: a thousand of them take about 0.1 ms. */
const STEP_CHARACTERS = 4096;
/** Spelling out a character costs about as much as copying this many bytes. */
const UNITS_PER_CHARACTER = 32;

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The text of UTF-8 bytes without its last line end and with control characters spelled out. `charge` is told
 * before each step.
 */
export function oneLine(bytes: Uint8Array, charge: (units: number) => void): string {
  const text = utf8.decode(bytes).replace(/\r?\n?$/, "");
  let line = "";
  for (let at = 0; at < text.length; at += STEP_CHARACTERS) {
    const step = text.slice(at, at + STEP_CHARACTERS);
    charge(step.length * UNITS_PER_CHARACTER);
    // eslint-disable-next-line no-control-regex -- control characters are what this looks for
    line += step.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]/g, spelled);
  }
  return line;
}

function spelled(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  const code = character.charCodeAt(0);
  return code > 0xff ? `\\u${code.toString(16)}` : `\\x${code.toString(16).padStart(2, "0")}`;
}
