// Measures of this code base that anyone can reproduce: `npm run house`, or `npm run house -- DIR` for
// another checkout. They only describe; `npm run check` decides what is a fault.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { isException, longLines } from "./check-lines.ts";
import { importCircles } from "./house/circles.ts";
import { functionLengths } from "./house/functions.ts";
import { importViolations } from "./check-repo.ts";
import { ROOT, textFiles, textOf } from "./text/tracked.ts";

const TEST_ONLY =
  /\/testing\/|\.test\.ts$|\/(fixtures|random-modules|compare-modules|canary|runaway-host)\.ts$/;

const root = resolve(process.argv[2] ?? ROOT);
const texts = textFiles(root);
const sources = texts.filter((path) => /^src\/.*\.ts$/.test(path) && !path.endsWith(".d.ts"));
const shipped = sources.filter((path) => !TEST_ONLY.test(path));

const lineCounts = shipped.map((path) => textOf(path, root).trimEnd().split("\n").length);
const functions = shipped.flatMap((path) => functionLengths(textOf(path, root)));
// A folder that the layout does not know has no order.
const backwards = importViolations(root).filter((violation) => !violation.includes("not in the layout"));
const circles = importCircles(sources.map((path) => join(root, path)));

print("Text files", texts.length);
print("Lines over 110 columns", linesOver(110));
print("Lines over 120 columns", linesOver(120));
print("Files in src, without tests", shipped.length);
print("Lines per file, median and p90", `${at(lineCounts, 0.5)}, ${at(lineCounts, 0.9)}`);
print("Functions", functions.length);
print("Lines per function, median and p90", `${at(functions, 0.5)}, ${at(functions, 0.9)}`);
print("Imports against the order of rooms", backwards.length);
print("Import circles, types included", circles.length === 0 ? 0 : circles.map(describe).join("; "));
print("Unused exports and types", unusedExports());
print("Test files in dist", testFilesInDist());

function print(what: string, value: string | number): void {
  process.stdout.write(`${what.padEnd(40)}${value}\n`);
}

function at(values: readonly number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length * share)] ?? 0;
}

function linesOver(columns: number): number {
  const own = texts.filter((path) => !isException(path));
  return own.reduce((sum, path) => sum + longLines(textOf(path, root), columns).length, 0);
}

function describe(files: readonly string[]): string {
  return `${files.length} files from ${relative(root, files[0] ?? "")}`;
}

function unusedExports(): string {
  const knip = join(ROOT, "node_modules/knip/bin/knip.js");
  if (!existsSync(knip)) return "knip is not installed";
  const config = existsSync(join(root, "knip.json"))
    ? []
    : ["--config", relative(root, join(ROOT, "knip.json"))];
  const { stdout } = spawnSync(process.execPath, [knip, "--reporter", "json", "--no-exit-code", ...config], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  const from = stdout.indexOf("{");
  if (from < 0) return "knip did not run";
  const { issues } = JSON.parse(stdout.slice(from)) as {
    issues: { exports?: unknown[]; types?: unknown[] }[];
  };
  const count = (kind: "exports" | "types"): number =>
    issues.reduce((sum, issue) => sum + (issue[kind]?.length ?? 0), 0);
  return `${count("exports")} exports, ${count("types")} types`;
}

function testFilesInDist(): number {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  if (!existsSync(compiler) || !readFileSync(join(root, "tsconfig.build.json"), "utf8").includes("include"))
    return Number.NaN;
  const listed = execFileSync(process.execPath, [compiler, "-p", "tsconfig.build.json", "--listFilesOnly"], {
    cwd: root,
    encoding: "utf8",
  });
  const own = listed.split("\n").map((path) => relative(root, path));
  return own.filter((path) => path.startsWith("src/") && TEST_ONLY.test(path)).length;
}
