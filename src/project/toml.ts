// What TOML of a project may look like before a parser sees it. The parts of a dotted key become objects, one
// inside the other, which nothing should have to walk to any depth.

/** All keys of `terrarium.toml` with the longest values that they may have fit; so does any Cargo.toml. */
const MAX_TOML_BYTES = 256 * 1024;
/** No manifest that a person writes nests this deep. */
const MAX_DOTS = 100;

/** What is wrong with the text's size or shape; null if nothing is. */
export function tomlProblem(text: string): string | null {
  if (text.length > MAX_TOML_BYTES) return `it has ${text.length} characters; the limit is ${MAX_TOML_BYTES}`;
  const line = text.split("\n").findIndex((each) => dotsOfKey(each) > MAX_DOTS);
  return line < 0 ? null : `line ${line + 1}: a key has more than ${MAX_DOTS} parts`;
}

function dotsOfKey(line: string): number {
  const [key = ""] = line.split("=", 1);
  return key.split(".").length - 1;
}
