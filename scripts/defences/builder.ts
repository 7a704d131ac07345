// Defences of uploads and builds: what archives can hold, and what projects and compilers can reach.
import type { Defence } from "./types.ts";

const ARCHIVE = "src/project/read-archive.test.ts";
const C_FLAGS = "src/languages/c/flags.test.ts";
const PROCESS = "tests/builder/compiler-process.test.ts";
const TEXTS = "src/builder/disassembler.test.ts";
const SLOW_MS = 60_000;

const UPLOADS: readonly Defence[] = [
  {
    name: "Names that leave the project are refused",
    file: "src/project/names.ts",
    test: ARCHIVE,
    present: `if (segments.includes("..")) return "leaves the project";`,
    removed: "",
  },
  {
    name: "Absolute names are refused",
    file: "src/project/names.ts",
    test: ARCHIVE,
    present: `if (name.startsWith("/")) return "is absolute";`,
    removed: "",
  },
  {
    name: "Drive letters are refused",
    file: "src/project/names.ts",
    test: ARCHIVE,
    present: `if (/^[A-Za-z]:/.test(name)) return "starts with a drive letter";`,
    removed: "",
  },
  {
    name: "NUL and other control characters are refused",
    file: "src/project/names.ts",
    test: ARCHIVE,
    present: `if (hasControlCharacter(name)) return "holds a control character";`,
    removed: "",
  },
  {
    name: "Names that some file system takes for one are refused",
    file: "src/project/names.ts",
    test: ARCHIVE,
    present: `return name.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");`,
    removed: "return name;",
  },
  {
    name: "Links, devices and other entries are refused",
    file: "src/project/read-archive.ts",
    test: ARCHIVE,
    present: "if (!isRegular) throw",
    removed: "if (false) throw",
  },
  {
    name: "Entries without a body of their own cannot bring one",
    file: "src/project/read-archive.ts",
    test: ARCHIVE,
    present: "if (!isRegular && body.length > 0) throw",
    removed: "if (false) throw",
  },
  {
    name: "A size said twice must be the same",
    file: "src/project/read-archive.ts",
    test: ARCHIVE,
    present: "pax.sizeBytes !== header.sizeBytes",
    removed: "false",
  },
  {
    name: "Sparse files are refused",
    file: "src/project/pax-records.ts",
    test: ARCHIVE,
    present: `if (key.startsWith("GNU.sparse")) throw`,
    removed: "if (false) throw",
  },
  {
    name: "Entries are counted",
    file: "src/project/read-archive.ts",
    test: ARCHIVE,
    present: `checkLimit(++this.#entries, this.#limits.archiveEntries, "entries", "archiveEntries");`,
    removed: "",
  },
  {
    name: "Unpacked bytes are counted",
    file: "src/project/read-archive.ts",
    test: ARCHIVE,
    present: `checkLimit(this.#unpackedBytes, this.#limits.unpackedBytes, "bytes", "unpackedBytes");`,
    removed: "",
  },
  {
    name: "Compressed archives are unpacked up to a bound",
    file: "src/project/read-archive.ts",
    test: ARCHIVE,
    present: "{ maxOutputLength: allowed }",
    removed: "{}",
  },
  {
    name: "Headers are held to their checksums",
    file: "src/project/tar-header.ts",
    test: ARCHIVE,
    present: "  checkSum(block);",
    removed: "",
  },
];

const COMPILERS: readonly Defence[] = [
  {
    name: "Compiler flags of other shapes are refused",
    file: "src/compiler-host/flags.ts",
    test: C_FLAGS,
    present: "if (!isAccepted) throw",
    removed: "if (false) throw",
  },
  {
    name: "Include paths stay inside the project",
    file: "src/languages/c/flags.ts",
    test: C_FLAGS,
    present: "(?!.*(^|/)\\\\.\\\\.(/|$))",
    removed: "",
  },
  {
    name: "asc reads sources only, not configurations that load code",
    file: "src/languages/assemblyscript/toolchain.ts",
    test: PROCESS,
    testTimeoutMs: SLOW_MS,
    present: `if (!name.endsWith(".ts")) return null;`,
    removed: "",
  },
  {
    name: "Compilers inherit no environment",
    file: "src/compiler-host/worker/compiler-process.ts",
    test: PROCESS,
    testTimeoutMs: SLOW_MS,
    present: "env: {},",
    removed: "env: process.env,",
  },
  {
    name: "Compilers may not write, connect, start or read elsewhere",
    file: "src/compiler-host/worker/permissions.ts",
    test: PROCESS,
    testTimeoutMs: SLOW_MS,
    present: `return ["--permission", `,
    removed: `return reads.length > 0 ? [] : [`,
  },
  {
    name: "An aborted compile is killed",
    file: "src/compiler-host/worker/compiler-process.ts",
    test: PROCESS,
    testTimeoutMs: SLOW_MS,
    present: `const onAbort = (): void => void child.kill("SIGKILL");`,
    removed: "const onAbort = (): void => onClose();",
  },
  {
    name: "A compile that is aborted while its process starts is killed",
    file: "src/compiler-host/worker/compiler-process.ts",
    test: PROCESS,
    testTimeoutMs: SLOW_MS,
    present: "if (signal.aborted) onAbort();",
    removed: "",
  },
];

const MODULE_TEXTS: readonly Defence[] = [
  {
    name: "Modules beyond the bound are not written as text",
    file: "src/builder/disassembler.ts",
    test: TEXTS,
    present: "if (wasm.byteLength > MAX_MODULE_BYTES) throw",
    removed: "if (false) throw",
  },
  {
    name: "Builds together stay within their memory",
    file: "src/compiler-host/build-memory.ts",
    test: "tests/builder/build-memory.test.ts",
    present: "total <= this.#maxBytes",
    removed: "total >= 0",
  },
  {
    name: "The children of a build's processes count",
    file: "src/processes/tree-memory.ts",
    test: "tests/builder/build-memory.test.ts",
    present: "tree.push(...(children.get(pid) ?? []))",
    removed: "void children.get(pid)",
  },
  {
    name: "The text of a module is bounded",
    file: "src/languages/wat/text.ts",
    test: TEXTS,
    present: "print(wasm, MAX_TEXT_BYTES)",
    removed: "print(wasm, 0x7fff_ffff)",
  },
  {
    name: "A module whose text takes too long is given up",
    file: "src/builder/disassembler.ts",
    test: TEXTS,
    present: "AbortSignal.any([signal, late])",
    removed: "signal",
  },
];

/** All of them. */
export const BUILDER_DEFENCES: readonly Defence[] = [...UPLOADS, ...COMPILERS, ...MODULE_TEXTS];
