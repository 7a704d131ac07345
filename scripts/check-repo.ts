// Repository rules that no linter knows: which folder may import which, and file names without meaning.
// Run by `npm run check:repo`; prints each violation and ends with 1 if there is any.
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { importCircles, importsOf } from "./house/circles.ts";

/** A folder of `src/` may import itself and those before it in this list's value. */
const ALLOWED: Record<string, readonly string[]> = {
  errors: [],
  processes: [],
  sandbox: [],
  api: ["errors", "languages"],
  config: ["errors"],
  abi: ["errors"],
  wasm: ["errors", "abi"],
  project: ["errors", "config"],
  "compiler-host": ["errors", "processes", "sandbox", "config", "wasm", "project"],
  languages: ["errors", "config", "abi", "wasm", "project", "compiler-host"],
  store: ["errors", "config", "wasm", "project", "languages"],
  engine: ["errors", "config", "abi", "wasm"],
  hostcalls: ["errors", "config", "abi", "wasm", "engine", "store"],
  edge: ["errors", "processes", "config", "abi", "wasm", "engine", "hostcalls", "store"],
  builder: ["errors", "config", "abi", "wasm", "project", "compiler-host", "languages"],
  control: [
    "errors",
    "processes",
    "sandbox",
    "api",
    "config",
    "abi",
    "wasm",
    "project",
    "compiler-host",
    "languages",
    "store",
    "builder",
    "engine",
    "hostcalls",
    "edge",
  ],
  cli: [
    "errors",
    "processes",
    "sandbox",
    "api",
    "config",
    "abi",
    "wasm",
    "project",
    "compiler-host",
    "languages",
    "store",
    "builder",
    "engine",
    "hostcalls",
    "edge",
    "control",
  ],
};
/**
 * Rooms of an area, in the order in which a module passes them: a room imports itself and those before it.
 * The types of the area, which stand beside the rooms, are for all of them.
 */
const ROOM_ORDER: Record<string, { readonly types?: string; readonly rooms: readonly string[] }> = {
  wasm: { types: "layout.ts", rooms: ["reading", "scanning", "checks", "writing"] },
  engine: { types: "types.ts", rooms: ["ticker", "instances", "running"] },
  // From what all others use up to the process: a request walks down this list.
  edge: {
    rooms: [
      "request",
      "transport",
      "tls",
      "accounts",
      "admission",
      "response",
      "logs",
      "records",
      "program",
      "assets",
      "peers",
      "routing",
      "listeners",
      "server.ts",
      "process",
      "main.ts",
    ],
  },
};
/** Tests and what only they use: `dist/` has none of it. */
const TEST_CODE = /\/testing\/|\.test\.ts$/;
const MEANINGLESS = /(^|\/)(utils?|helpers?|common|managers?|impl|misc)(\/|\.|-)/;

/** The export of a file by which its room finds it: each command, compiler and toolchain has one. */
const ROLES: readonly string[] = ["command", "createCompiler", "createToolchain"];
/** Declarations at the start of a line; those in the text of generated code are templates with a `$`. */
const DECLARATION =
  /^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|class|interface|type|const|let) (\w+)(?!.*\$\{)/gm;

const OWN_ROOT = join(import.meta.dirname, "..");

/** Imports of a checkout's `src/` that run against the order, one line each. */
export function importViolations(root: string = OWN_ROOT): string[] {
  return sources(join(root, "src")).flatMap((file) =>
    importsOf(file).flatMap((target) => checkImport(relative(root, file), relative(root, target))),
  );
}

function meaninglessNames(): string[] {
  return sources(join(OWN_ROOT, "src"))
    .map((file) => relative(OWN_ROOT, file))
    .filter((path) => MEANINGLESS.test(path))
    .map((path) => `${path}: a name that says nothing`);
}

if (import.meta.main) {
  const violations = [
    ...meaninglessNames(),
    ...importViolations(),
    ...circleViolations(),
    ...nameViolations(),
    ...lockViolations(),
    ...studioViolations(),
  ];
  for (const violation of violations) process.stderr.write(`${violation}\n`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

/** Files that import each other cannot be read one after the other; imports of types count too. */
function circleViolations(): string[] {
  return importCircles(sources(join(OWN_ROOT, "src"))).map(
    (files) => `these files import each other: ${files.map((file) => relative(OWN_ROOT, file)).join(", ")}`,
  );
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => join(folder, name));
}

function checkImport(from: string, to: string): string[] {
  return [...checkTestCode(from, to), ...checkRoomOrder(from, to), ...checkArea(from, to)];
}

function checkArea(from: string, to: string): string[] {
  const [area, target] = [from.split("/")[1] ?? "", to.split("/")[1] ?? ""];
  if (area === target || !to.startsWith("src/")) return [];
  const allowed = ALLOWED[area];
  if (allowed === undefined) return [`${from}: src/${area} is not in the layout`];
  return allowed.includes(target) ? [] : [`${from}: src/${area} may not import src/${target} (${to})`];
}

function checkTestCode(from: string, to: string): string[] {
  const isMixed = TEST_CODE.test(to) && !TEST_CODE.test(from);
  return isMixed ? [`${from}: shipped code may not import test code (${to})`] : [];
}

function checkRoomOrder(from: string, to: string): string[] {
  const [, area = "", room = ""] = from.split("/");
  const order = ROOM_ORDER[area];
  if (order === undefined || TEST_CODE.test(from) || !to.startsWith(`src/${area}/`)) return [];
  const target = to.split("/")[2] ?? "";
  const own = order.rooms.indexOf(room);
  if (own < 0 || target === order.types) return [];
  const reached = order.rooms.indexOf(target);
  const isBackwards = reached < 0 || reached > own;
  return isBackwards ? [`${from}: src/${area}/${room} may not import ${to}, which comes after it`] : [];
}

/** An exported name means one thing: no other module exports it, unless it is a role that several files fill. */
function nameViolations(): string[] {
  const violations: string[] = [];
  const declared = new Map<string, string>();
  for (const file of sources(join(OWN_ROOT, "src"))) {
    const path = relative(OWN_ROOT, file);
    if (path.endsWith(".test.ts")) continue;
    for (const [, name = ""] of readFileSync(file, "utf8").matchAll(DECLARATION)) {
      const other = declared.get(name);
      if (other !== undefined && !ROLES.includes(name))
        violations.push(`${path}: ${other} exports another "${name}"; give one of them a name of its own`);
      declared.set(name, path);
    }
  }
  return violations;
}

/**
 * npm drops optional packages from the lock when a registry lags behind; then `npm ci` fails for everybody.
 */
function lockViolations(): string[] {
  const violations: string[] = [];
  const { packages } = JSON.parse(readFileSync(join(OWN_ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const name of Object.keys(optionalDependencies)) {
      if (`node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages) continue;
      violations.push(`package-lock.json: ${path || "the package"} wants ${name}, which is not locked`);
    }
  }
  return violations;
}

/** Types cost the page nothing; the schemas of the API would bring their library into its bundle. */
function studioViolations(): string[] {
  const folder = join(OWN_ROOT, "studio/src");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .filter((name) => /^import (?!type )[^;]*src\/api\//m.test(readFileSync(join(folder, name), "utf8")))
    .map((name) => `studio/src/${name}: the studio takes types of src/api/ only; write \`import type\``);
}
