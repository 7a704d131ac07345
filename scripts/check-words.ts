// Finds retired words in everything that people write and read, names of files included. Run by
// `npm run check:repo`.
import { EXCEPTIONS, RETIRED_WORDS } from "./text/retired-words.ts";
import { textFiles, textOf } from "./text/tracked.ts";

/** Each line with a retired word, with what to write instead. */
export function retiredWordsIn(path: string, text: string): string[] {
  if (Object.hasOwn(EXCEPTIONS, path)) return [];
  const lines = [path, ...text.split("\n")];
  return lines.flatMap((line, number) =>
    RETIRED_WORDS.flatMap(({ pattern, instead }) => {
      const found = pattern.exec(line)?.[0];
      return found === undefined ? [] : [`${path}:${number}: "${found}" is retired; write: ${instead}`];
    }),
  );
}

if (import.meta.main) {
  const found = textFiles()
    .filter((path) => path !== "package-lock.json" && !path.startsWith("docs/figures/"))
    .flatMap((path) => retiredWordsIn(path, textOf(path)));
  for (const line of found) process.stderr.write(`${line}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
