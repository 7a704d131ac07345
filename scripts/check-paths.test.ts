import { expect, it } from "vitest";
import { deadPaths } from "./check-paths.ts";

function dead(texts: Readonly<Record<string, string>>, shipped: readonly string[] = []): string[] {
  return deadPaths({ files: Object.keys(texts), shipped, read: (path) => texts[path] ?? "" });
}

it("finds a path that does not exist, in a page and in a comment", () => {
  const texts = {
    "docs/page.md": "See `src/edge/here.ts` and src/edge/gone.ts.",
    "src/edge/here.ts": 'const url = "https://src/edge/url.ts"; // like src/edge/moved.ts\n',
  };
  expect(dead(texts)).toEqual([
    'docs/page.md:1: "src/edge/gone.ts" does not exist',
    'src/edge/here.ts:1: "src/edge/moved.ts" does not exist',
  ]);
});

it("finds a file name in backticks that no file has, and accepts names from a room on", () => {
  const texts = { "src/edge/here.ts": "// `gone.ts`, `here.ts` and `edge/here.ts`\n" };
  expect(dead(texts)).toEqual(['src/edge/here.ts:1: "gone.ts" does not exist']);
});

it("finds links and anchors that lead nowhere, and not those in code", () => {
  const texts = {
    "README.md": "[a](docs/page.md#two-words) [b](docs/page.md#one) [c](gone.md)\n```\n[d](gone.md)\n```\n",
    "docs/page.md": "# Two words\n[up](../README.md)",
  };
  expect(dead(texts)).toEqual([
    'README.md:1: "docs/page.md" has no heading "#one"',
    'README.md:1: the link to "gone.md" leads nowhere',
  ]);
});

it("finds a link from a shipped page to a file that the package leaves out", () => {
  const texts = {
    "README.md": "[test](tests/one.ts) [page](docs/page.md)",
    "tests/one.ts": "",
    "docs/page.md": "",
  };
  expect(dead(texts, ["README.md", "docs"])).toEqual([
    'README.md:1: the package does not ship "tests/one.ts"',
  ]);
});
