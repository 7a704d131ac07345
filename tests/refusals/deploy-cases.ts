// Bad inputs of a deploy.
import { gzipSync } from "node:zlib";
import createWabt from "wabt";
import { archiveOf, type Sources } from "../e2e/programs.ts";
import { archive, member } from "../builder/tar-pieces.ts";
import type { DeployCase } from "./case.ts";

const API = "The API is described at /api/v1/openapi.json";
const RUN = '(func (export "run"))';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const tar = (
  bytes: Uint8Array,
  lang: string | null = "wasm",
  options: readonly string[] | null = null,
): object => ({ lang, options, tar: base64(bytes) });
const project =
  (sources: Sources, lang: string | null = "wasm", options: readonly string[] | null = null) =>
  () =>
    tar(archiveOf(sources), lang, options);
const raw =
  (...members: readonly Uint8Array[]) =>
  () =>
    tar(archive(...members));
const wat = (text: string) => project({ "src/main.wat": `(module ${text})` });
const wasm = (...bytes: readonly number[]) =>
  project({ "module.wasm": Uint8Array.of(0, 0x61, 0x73, 0x6d, ...bytes) });
/** Text of proposals that the platform's own assembler need not know. */
const assembled = (text: string) => async () => {
  const wabt = await createWabt();
  const features = { threads: true, memory64: true, multi_memory: true, gc: true, reference_types: true };
  return tar(
    archiveOf({
      "module.wasm": wabt.parseWat("module.wat", `(module ${text})`, features).toBinary({}).buffer,
    }),
  );
};

const REQUESTS: readonly DeployCase[] = [
  {
    input: "a body that is no JSON",
    body: () => "{",
    status: 200,
    code: "TER_BAD_REQUEST",
    message: `The body is not JSON in UTF-8. ${API}`,
  },
  {
    input: "a JSON list",
    body: () => [],
    status: 200,
    code: "TER_BAD_REQUEST",
    message: `The request is invalid: body must be an object, not a list. ${API}`,
  },
  {
    input: "no `tar`",
    body: () => ({ lang: "c", options: null }),
    status: 200,
    code: "TER_BAD_REQUEST",
    message: `The request is invalid: body.tar is missing. ${API}`,
  },
  {
    input: "`options` that is no list",
    body: () => ({ lang: "c", options: "-O2", tar: "" }),
    status: 200,
    code: "TER_BAD_REQUEST",
    message: `The request is invalid: body.options must be a list, not "-O2". ${API}`,
  },
  {
    input: "`tar` that is not base64",
    body: () => ({ lang: "c", options: null, tar: "***" }),
    status: 200,
    code: "TER_ARCHIVE_INVALID",
    message: "Cannot read the archive: it is not base64. Send a tar of regular files with relative names",
  },
  {
    input: "a body larger than an upload may be",
    body: () => ({ tar: "A".repeat(300_000) }),
    status: 200,
    code: "TER_BODY_TOO_LARGE",
    message:
      "The request body exceeds the limit of 198,870 bytes. Send less, or start the server with " +
      "a higher --limit uploadBytes=N",
  },
];

const ARCHIVES: readonly DeployCase[] = [
  {
    input: "bytes that are no tar",
    body: () => tar(Buffer.from("no tar at all")),
    status: 200,
    code: "TER_ARCHIVE_INVALID",
    message:
      "Cannot read the archive: it ends inside a header. Send a tar of regular files with relative names",
  },
  {
    input: "a tar that ends inside a file",
    body: () => tar(archiveOf({ "src/main.wat": "x".repeat(2000) }).subarray(0, 1024)),
    status: 200,
    code: "TER_ARCHIVE_INVALID",
    message:
      "Cannot read the archive: it ends inside a file. Send a tar of regular files with relative names",
  },
  {
    input: "a tar whose checksum is wrong",
    body: raw(member({ name: "a", checksum: 1 })),
    status: 200,
    code: "TER_ARCHIVE_INVALID",
    message:
      "Cannot read the archive: a header's checksum is wrong; it must be a tar, not compressed " +
      "otherwise. Send a tar of regular files with relative names",
  },
  {
    input: "a name that leaves the project",
    body: raw(member({ name: "../a" }, "x")),
    status: 200,
    code: "TER_ARCHIVE_INVALID",
    message:
      'Cannot read the archive: the name "../a" leaves the project. Send a tar of regular files ' +
      "with relative names",
  },
  {
    input: "an absolute name",
    body: raw(member({ name: "/etc/a" }, "x")),
    status: 200,
    code: "TER_ARCHIVE_INVALID",
    message:
      'Cannot read the archive: the name "/etc/a" is absolute. Send a tar of regular files with ' +
      "relative names",
  },
  {
    input: "a symbolic link",
    body: raw(member({ name: "assets/a", type: "2", link: "/etc/passwd" })),
    status: 200,
    code: "TER_ARCHIVE_INVALID",
    message:
      "Cannot read the archive: assets/a is a symbolic link; only regular files are accepted. " +
      "Send a tar of regular files with relative names",
  },
  {
    input: "a hard link",
    body: raw(member({ name: "assets/a", type: "1", link: "b" })),
    status: 200,
    code: "TER_ARCHIVE_INVALID",
    message:
      "Cannot read the archive: assets/a is a hard link; only regular files are accepted. Send " +
      "a tar of regular files with relative names",
  },
  {
    input: "two names that differ in case only",
    body: raw(member({ name: "src/A" }), member({ name: "src/a" })),
    status: 200,
    code: "TER_ARCHIVE_INVALID",
    message:
      "Cannot read the archive: src/a and src/A are one name to some file systems. Send a tar " +
      "of regular files with relative names",
  },
  {
    input: "an upload that is too large",
    body: () => tar(new Uint8Array(100_001)),
    status: 200,
    code: "TER_ARCHIVE_TOO_LARGE",
    message:
      "The archive has 100,001 bytes; the limit is 100,000. Remove files that the program does " +
      "not need, or raise the limit with --limit uploadBytes=N",
  },
  {
    input: "too many files",
    body: raw(...Array.from({ length: 21 }, (_, index) => member({ name: `f${index}` }))),
    status: 200,
    code: "TER_ARCHIVE_TOO_LARGE",
    message:
      "The archive has 21 entries; the limit is 20. Remove files that the program does not " +
      "need, or raise the limit with --limit archiveEntries=N",
  },
  {
    input: "files that are too large together",
    body: raw(member({ name: "a" }, "x".repeat(40_000)), member({ name: "b" }, "x".repeat(30_000))),
    status: 200,
    code: "TER_ARCHIVE_TOO_LARGE",
    message:
      "The archive has 70,000 bytes; the limit is 60,000. Remove files that the program does " +
      "not need, or raise the limit with --limit unpackedBytes=N",
  },
  {
    input: "gzip that unpacks to very much",
    body: () => tar(gzipSync(new Uint8Array(20_000_000))),
    status: 200,
    code: "TER_ARCHIVE_TOO_LARGE",
    message:
      "The archive has more than 80,480 bytes; the limit is 80,480. Remove files that the " +
      "program does not need, or raise the limit with --limit unpackedBytes=N",
  },
  {
    input: "gzip that is damaged",
    body: () => tar(Uint8Array.of(0x1f, 0x8b, 1, 2, 3)),
    status: 200,
    code: "TER_ARCHIVE_INVALID",
    message:
      "Cannot read the archive: it looks like gzip and cannot be decompressed. Send a tar of " +
      "regular files with relative names",
  },
];

const PROJECTS: readonly DeployCase[] = [
  {
    input: "no files",
    body: project({}, null),
    status: 200,
    code: "TER_BUILD_NO_ENTRY",
    message:
      "The project has no entry file: expected src/lib.rs or Cargo.toml or a .c file in src/ or " +
      "assembly/index.ts or module.wasm or src/main.wat. Add the entry file, or deploy the " +
      "folder that contains it",
  },
  {
    input: "no entry file of the language that was named",
    body: project({ "README.md": "x" }, "c"),
    status: 200,
    code: "TER_BUILD_NO_ENTRY",
    message:
      "The project has no entry file: expected a .c file in src/. Add the entry file, or deploy " +
      "the folder that contains it",
  },
  {
    input: "entry files of two languages and none named",
    body: project({ "src/main.c": "", "assembly/index.ts": "" }, null),
    status: 200,
    code: "TER_BUILD_AMBIGUOUS",
    message:
      "The project has entry files of several languages: c, assemblyscript. Choose one with " +
      "--lang, with `lang` in the request, or with `language` in terrarium.toml",
  },
  {
    input: "`terrarium.toml` that is no TOML",
    body: project({ "terrarium.toml": "name = \n", "src/main.wat": "" }),
    status: 200,
    code: "TER_PROJECT_FILE_INVALID",
    message:
      "Cannot use terrarium.toml: line 1, column 8: Invalid TOML document: invalid value. " +
      "Correct terrarium.toml; docs/reference/terrarium.schema.json describes it",
  },
  {
    input: "`terrarium.toml` with an unknown key",
    body: project({ "terrarium.toml": 'nmae = "x"\n', "src/main.wat": "" }),
    status: 200,
    code: "TER_PROJECT_FILE_INVALID",
    message:
      'Cannot use terrarium.toml: It has the unknown key "nmae". Correct terrarium.toml; ' +
      "docs/reference/terrarium.schema.json describes it",
  },
  {
    input: "`terrarium.toml` with a time to live that is none",
    body: project({ "terrarium.toml": 'ttl = "soon"\n', "src/main.wat": "" }),
    status: 200,
    code: "TER_PROJECT_FILE_INVALID",
    message:
      "Cannot use terrarium.toml: ttl is not a duration such as 90s, 5m, 2h, 7d or never. " +
      "Correct terrarium.toml; docs/reference/terrarium.schema.json describes it",
  },
  {
    input: "`terrarium.toml` with a time to live beyond the server's",
    body: project({ "terrarium.toml": 'ttl = "never"\n', "src/main.wat": "" }),
    status: 200,
    code: "TER_TTL_TOO_LONG",
    message:
      "The time to live exceeds this server's maximum of 1h. Ask for less, or start the server " +
      "with a longer --max-ttl",
  },
  {
    input: "WAT that does not assemble",
    body: project({ "src/main.wat": '(module\n  (func (export "run") (oops)))' }),
    status: 200,
    code: "TER_BUILD_FAILED",
    message: 'src/main.wat:2:25: error: unknown operator or unexpected token "oops"',
  },
  {
    input: "C that does not compile",
    body: project({ "src/main.c": "void run(void)\n{\n    int x = missing;\n}\n" }, "c"),
    status: 200,
    code: "TER_BUILD_FAILED",
    message: "src/main.c:3:13: error: use of undeclared identifier 'missing'",
  },
  {
    input: "C that does not link",
    body: project({ "src/main.c": "void missing(void);\nvoid run(void) { missing(); }\n" }, "c"),
    status: 200,
    code: "TER_BUILD_FAILED",
    message: "wasm-ld: error: src/main.c.o: undefined symbol: missing",
  },
  {
    input: "AssemblyScript that does not compile",
    body: project(
      { "assembly/index.ts": "export function run(): void {\n  missing();\n}\n" },
      "assemblyscript",
    ),
    status: 200,
    code: "TER_BUILD_FAILED",
    message: "ERROR TS2304: Cannot find name 'missing'.",
    location: "assembly/index.ts(2,3)",
  },
  {
    input: "a C compiler flag that is not accepted",
    body: project({ "src/main.c": "void run(void) {}" }, "c", ["-fplugin=x.so"]),
    status: 200,
    code: "TER_BUILD_FLAG_REFUSED",
    message:
      'Compiler flag "-fplugin=x.so" is not supported. Remove it, or use one of: -O…, -D…, -U…, ' +
      "-W…, -std=…, -f…, -I inside the project, -m features such as -msimd128, -g…, " +
      "-Wl,-z,stack-size=N, -Wl,--export=NAME",
  },
  {
    input: "an AssemblyScript compiler flag that is not accepted",
    body: project({ "assembly/index.ts": "" }, "assemblyscript", ["--transform=x"]),
    status: 200,
    code: "TER_BUILD_FLAG_REFUSED",
    message:
      'Compiler flag "--transform=x" is not supported. Remove it, or use one of: -O…, ' +
      "--optimizeLevel=N, --shrinkLevel=N, --converge, --noAssert, --enable=…, --disable=…, " +
      "--use=…, --runtime=…, --stackSize=N",
  },
  {
    input: "a flag for WAT",
    body: project({ "src/main.wat": "(module)" }, "wasm", ["-O3"]),
    status: 200,
    code: "TER_BUILD_FLAG_REFUSED",
    message: 'Compiler flag "-O3" is not supported. Remove it: this language takes no compiler flags',
  },
];

const MODULES: readonly DeployCase[] = [
  {
    input: "bytes that are not a module",
    body: project({ "module.wasm": "not wasm" }),
    status: 200,
    code: "TER_WASM_INVALID",
    message:
      "The module is not valid WebAssembly: it does not start with the bytes 00 61 73 6d 01 00 " +
      "00 00. Build the module again and check it with `terrarium check module.wasm`",
  },
  {
    input: "a module that is cut off",
    body: wasm(1, 0, 0, 0, 1, 5, 1),
    status: 200,
    code: "TER_WASM_INVALID",
    message:
      "The module is not valid WebAssembly: it ends in the middle of an entry, at byte 10. " +
      "Build the module again and check it with `terrarium check module.wasm`",
  },
  {
    input: "a module that does not validate",
    body: wasm(
      1,
      0,
      0,
      0,
      1,
      4,
      1,
      0x60,
      0,
      0,
      3,
      2,
      1,
      0,
      7,
      7,
      1,
      3,
      0x72,
      0x75,
      0x6e,
      0,
      0,
      10,
      5,
      1,
      3,
      0,
      0x6a,
      0x0b,
    ),
    status: 200,
    code: "TER_WASM_INVALID",
    message:
      "The module is not valid WebAssembly: Compiling function #0 failed: not enough arguments " +
      "on the stack for i32.add (need 2, got 0) @+32. Build the module again and check it with " +
      "`terrarium check module.wasm`",
  },
  {
    input: "a component",
    body: wasm(0x0d, 0, 1, 0),
    status: 200,
    code: "TER_WASM_UNSUPPORTED",
    message:
      "The module uses the component model (deploy the core module), which the platform does " +
      "not support. Build the module without that feature",
  },
  {
    input: "an object file that was not linked",
    body: wasm(1, 0, 0, 0, 0, 9, 7, 0x6c, 0x69, 0x6e, 0x6b, 0x69, 0x6e, 0x67, 2),
    status: 200,
    code: "TER_WASM_OBJECT_FILE",
    message:
      "The module is an object file: it has a `linking` section and no exports. Link it with wasm-ld first",
  },
  {
    input: "a module that is too large",
    body: wat(`${RUN} (memory 1) (data (i32.const 0) "${"x".repeat(41_000)}")`),
    status: 200,
    code: "TER_WASM_TOO_LARGE",
    message:
      "The module has 41,050 bytes; the limit is 40,000. Build it for size and strip debug " +
      "sections, or raise the limit with --limit moduleBytes=N",
  },
  {
    input: "a module without `run`",
    body: wat('(func (export "main"))'),
    status: 200,
    code: "TER_WASM_NO_RUN",
    message:
      "The module does not export a function `run`. Export `run`, a function without parameters and results",
  },
  {
    input: "`run` that is a memory",
    body: wat('(memory (export "run") 1)'),
    status: 200,
    code: "TER_WASM_RUN_TYPE",
    message:
      "The module exports `run` as a memory. Export `run` as a function without parameters and results",
  },
  {
    input: "`run` with a parameter",
    body: wat('(func (export "run") (param i32))'),
    status: 200,
    code: "TER_WASM_RUN_TYPE",
    message:
      "The module exports `run` as (i32) -> (). Export `run` as a function without parameters and results",
  },
  {
    input: "an import that the platform does not have",
    body: wat(`(import "env" "hostcall_teleport" (func)) ${RUN}`),
    status: 200,
    code: "TER_WASM_UNKNOWN_IMPORT",
    message:
      "The module imports the function `env.hostcall_teleport`, which the platform does not " +
      "provide. Import only what docs/reference/hostcalls.md lists",
  },
  {
    input: "an import of another module",
    body: wat(`(import "wasi_snapshot_preview2" "poll" (func)) ${RUN}`),
    status: 200,
    code: "TER_WASM_UNKNOWN_IMPORT",
    message:
      "The module imports the function `wasi_snapshot_preview2.poll`, which the platform does " +
      "not provide. Import only what docs/reference/hostcalls.md lists",
  },
  {
    input: "a memory imported from another module",
    body: wat(`(import "js" "memory" (memory 1)) ${RUN}`),
    status: 200,
    code: "TER_WASM_UNKNOWN_IMPORT",
    message:
      "The module imports the memory `js.memory`, which the platform does not provide. Import " +
      "only what docs/reference/hostcalls.md lists",
  },
  {
    input: "an imported global",
    body: wat(`(import "env" "base" (global i32)) ${RUN}`),
    status: 200,
    code: "TER_WASM_UNKNOWN_IMPORT",
    message:
      "The module imports the global `env.base`, which the platform does not provide. Import " +
      "only what docs/reference/hostcalls.md lists",
  },
  {
    input: "a hostcall imported with another type",
    body: wat(`(import "env" "hostcall_debug" (func (param i64))) ${RUN}`),
    status: 200,
    code: "TER_WASM_IMPORT_TYPE",
    message:
      "The module imports `env.hostcall_debug` as (i64) -> (); its type is (i32 i32) -> (). " +
      "Declare the import with the type that docs/reference/hostcalls.md gives",
  },
  {
    input: "an export with a reserved name",
    body: wat(`${RUN} (func (export "terrarium:kill"))`),
    status: 200,
    code: "TER_WASM_RESERVED_NAME",
    message:
      'The module exports "terrarium:kill"; names that begin with "terrarium:" are reserved for ' +
      "the platform. Rename the export",
  },
  {
    input: "more memory from the start than allowed",
    body: wat(`${RUN} (memory 65)`),
    status: 200,
    code: "TER_WASM_MEMORY_TOO_LARGE",
    message:
      "The module starts with 65 pages of memory (64 KiB each); the limit is 64. Declare less " +
      "memory, or raise the limit with --limit memoryPages=N",
  },
  {
    input: "a table larger than allowed",
    body: wat(`${RUN} (table 1001 funcref)`),
    status: 200,
    code: "TER_WASM_TABLE_TOO_LARGE",
    message:
      "The module starts with 1,001 table entries; the limit is 1,000. Declare smaller tables, " +
      "or raise the limit with --limit tableEntries=N",
  },
  {
    input: "GC types",
    body: wasm(1, 0, 0, 0, 1, 3, 1, 0x5f, 0),
    status: 200,
    code: "TER_WASM_UNSUPPORTED",
    message:
      "The module uses GC types, which the platform does not support. Build the module without that feature",
  },
  {
    input: "shared memory",
    body: assembled(`${RUN} (memory 1 1 shared)`),
    status: 200,
    code: "TER_WASM_UNSUPPORTED",
    message:
      "The module uses a shared memory (threads), which the platform does not support. Build " +
      "the module without that feature",
  },
  {
    input: "atomic instructions",
    body: assembled('(memory 1) (func (export "run") (drop (i32.atomic.load (i32.const 0))))'),
    status: 200,
    code: "TER_WASM_UNSUPPORTED",
    message:
      "The module uses threads (atomic instructions), which the platform does not support. " +
      "Build the module without that feature",
  },
  {
    input: "a second memory",
    body: assembled(`${RUN} (memory 1) (memory 1)`),
    status: 200,
    code: "TER_WASM_UNSUPPORTED",
    message:
      "The module uses more than one memory, which the platform does not support. Build the " +
      "module without that feature",
  },
  {
    input: "64-bit memory",
    body: assembled(`${RUN} (memory i64 1)`),
    status: 200,
    code: "TER_WASM_UNSUPPORTED",
    message:
      "The module uses 64-bit memory (memory64), which the platform does not support. Build the " +
      "module without that feature",
  },
  {
    input: "a start function that never ends",
    body: wat(`(func $start (loop $l (br $l))) (start $start) ${RUN}`),
    status: 200,
    code: "TER_WASM_START_TOO_SLOW",
    message:
      "The module's start function exceeded its CPU limit: used 300 ms, the limit is 300 ms. " +
      "Raise it with --limit cpuMs=N",
  },
];

/** By heading of the page. */
export const DEPLOY_CASES = {
  "The request": REQUESTS,
  "The archive": ARCHIVES,
  "The project": PROJECTS,
  "The module": MODULES,
} as const;
