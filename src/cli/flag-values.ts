// Compiler flags on the command line. They start with a dash, and some are spelled like an option of the
// command.

/** The words with each `--flag` and the compiler flag behind it as one: `--flag=-C link-arg=…`. */
export function joinFlagValues(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    if (joined.at(-1) === "--flag" && word.startsWith("-")) joined[joined.length - 1] = `--flag=${word}`;
    else joined.push(word);
  }
  return joined;
}
