import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { importCircles } from "./circles.ts";
import { functionLengths } from "./functions.ts";

it("counts functions and methods with their signatures, and neither calls nor blocks", () => {
  const source = [
    "export function one(): void {",
    "  call(() => {",
    "    inner();",
    "  });",
    "}",
    "class Two {",
    "  async three(",
    "    value: number,",
    "  ): Promise<void> {",
    "    if (value > 1) {",
    "      await four(value);",
    "    }",
    "  }",
    "}",
  ];
  expect(functionLengths(source.join("\n"))).toEqual([5, 7]);
});

it("finds circles of imports, even through a third file, and no other files", () => {
  const folder = mkdtempSync(join(tmpdir(), "terrarium-circles-"));
  const write = (name: string, imports: readonly string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, imports.map((target) => `import type { T } from "./${target}";\n`).join(""));
    return path;
  };
  const files = [
    write("a.ts", ["b.ts"]),
    write("b.ts", ["c.ts"]),
    write("c.ts", ["a.ts"]),
    write("d.ts", ["a.ts"]),
  ];
  expect(importCircles(files)).toEqual([files.slice(0, 3)]);
  rmSync(folder, { recursive: true });
});
