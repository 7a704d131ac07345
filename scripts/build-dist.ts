// Emits dist/: JavaScript of src/ without tests, with all that is read at run time beside it. An installed
// package runs it, because Node strips no types inside node_modules. Run by `npm run build`, and by
// `npm pack` before it packs.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dirname, "..");
const source = join(root, "src");
const target = join(root, "dist");

rmSync(target, { recursive: true, force: true });
emit();
copyData();
const missing = ["cli/main.js", "edge/main.js"].filter((file) => !existsSync(join(target, file)));
if (missing.length > 0) throw new Error(`dist/ lacks ${missing.join(", ")}`);
const tests = readdirSync(target, { recursive: true, encoding: "utf8" }).filter((name) =>
  /(^|\/)testing(\/|$)|\.test\./.test(name),
);
if (tests.length > 0) throw new Error(`dist/ holds test code: ${tests.join(", ")}`);

function emit(): void {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const options = ["--project", join(root, "tsconfig.build.json"), "--outDir", target];
  execFileSync(process.execPath, [compiler, ...options], { stdio: "inherit", cwd: root });
}

/** Everything in src/ that runs but is not TypeScript: page parts, the assembler. Its crate stays behind. */
function copyData(): void {
  for (const name of readdirSync(source, { recursive: true, encoding: "utf8", withFileTypes: true })) {
    if (!name.isFile() || /\.(ts|rs|toml|lock)$/.test(name.name)) continue;
    const from = join(name.parentPath, name.name);
    const to = join(target, relative(source, from));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to);
  }
}
