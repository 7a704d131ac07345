// What people read of a Markdown page: paragraphs, list items and headings, without code blocks and tables.

export interface Link {
  readonly line: number;
  readonly target: string;
}

/** The text of a page with code blocks, tables, comments and pictures taken out; lines keep their numbers. */
export function proseOf(markdown: string): string {
  let fenced = false;
  return markdown
    .split("\n")
    .map((line) => {
      const fence = /^\s*(```|~~~)/.test(line);
      if (fence) fenced = !fenced;
      return fence || fenced || /^\s*(\||<|!\[)/.test(line) ? "" : line;
    })
    .join("\n");
}

/** Links and pictures, those in tables included. */
export function linksOf(markdown: string): Link[] {
  let fenced = false;
  return markdown.split("\n").flatMap((text, index) => {
    if (/^\s*(```|~~~)/.test(text)) fenced = !fenced;
    if (fenced) return [];
    const plain = text.replace(/`[^`]*`/g, "``");
    return [...plain.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => ({ line: index + 1, target }));
  });
}

/** The anchors that headings get on GitHub. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = [...proseOf(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  const ids = [...markdown.matchAll(/<a id="([^"]+)"/g)].map(([, id = ""]) => id);
  return new Set([...headings.map(slug), ...ids]);
}

function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
