// Draws sentences by a seed from everything that people read here: pages, comments, messages, help and titles
// of tests. Whoever changes texts reads them aloud, and rewrites each that makes them pause.
// `node bin/node26.mjs scripts/random-sentences.ts [count] [seed] [path]`
import { isException } from "./check-lines.ts";
import { commentsOf } from "./text/comments.ts";
import { proseOf } from "./text/prose.ts";
import { textFiles, textOf } from "./text/tracked.ts";

interface Sentence {
  readonly file: string;
  readonly text: string;
}

const STRING = /"((?:[^"\\\n]|\\.){24,})"|`((?:[^`\\\n]|\\.){24,})`/g;
const MIN_WORDS = 4;
/** Files that somebody else or a program wrote. */
const FOREIGN = /^(LICENSE|tests\/guests\/(rust-2019|c-of-2019)\/)/;

const [count = "50", seed = "1", under = ""] = process.argv.slice(2);
const all = textFiles()
  .filter((path) => path.startsWith(under) && !isException(path) && !FOREIGN.test(path))
  .flatMap(sentencesOf);
const random = mulberry32(Number(seed));
for (let drawn = 0; drawn < Number(count) && all.length > 0; drawn += 1) {
  const [sentence] = all.splice(Math.floor(random() * all.length), 1);
  if (sentence !== undefined) process.stdout.write(`${sentence.file}\n    ${sentence.text}\n`);
}

function sentencesOf(file: string): Sentence[] {
  const source = textOf(file);
  const texts = file.endsWith(".md")
    ? proseOf(source).split(/\n\s*\n|\n(?=\s*[-*#] )/)
    : textsOf(file, source);
  return texts
    .flatMap((text) => text.replace(/\s+/g, " ").split(/(?<=[.!?:])\s+(?=[A-Z`])/))
    .map((text) => text.replace(/^[-*#\s]+/, "").trim())
    .filter((text) => text.split(" ").filter((word) => /^[a-z]/i.test(word)).length >= MIN_WORDS)
    .map((text) => ({ file, text }));
}

function textsOf(file: string, source: string): string[] {
  const comments = commentsOf(file, source).map(({ text }) => text);
  if (!/\.tsx?$/.test(file)) return comments;
  const strings = [...source.matchAll(STRING)].map(([, quoted, template]) => quoted ?? template ?? "");
  return [
    ...comments,
    ...strings.filter((text) => / \w+ \w+ /.test(text) && !/[;{(]\w*$|\(\w+\./.test(text)),
  ];
}

/** A small generator of random numbers that gives the same ones for the same seed. */
function mulberry32(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
