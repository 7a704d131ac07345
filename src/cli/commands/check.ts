// `terrarium check`: what a module imports, exports and needs, and whether the platform accepts it.
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { DEFAULT_LIMITS } from "../../config/limits.ts";
import { HOST_IMPORTS } from "../../abi/index.ts";
import { inspectModule, rewriteModule } from "../../wasm/index.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { buildHere } from "../local-build.ts";
import { onUserPath, requireFile } from "../user-path.ts";

/** The command. */
export const command: CommandModule = {
  summary: "show what a module imports, exports and needs",
  group: "Projects",
  configure(command, act) {
    command.argument("[path]", "folder of a project, or a .wasm file", ".").action(act(run));
  },
};

async function run(context: CommandContext, path: string): Promise<void> {
  const wasm = await moduleAt(context, path);
  const info = inspectModule(wasm);
  const { layout } = rewriteModule(wasm, {
    hostImports: HOST_IMPORTS,
    interruptible: true,
    maxMemoryPages: DEFAULT_LIMITS.memoryPages,
    maxTableEntries: DEFAULT_LIMITS.tableEntries,
  });
  context.terminal.printJson({ ok: true, sizeBytes: wasm.byteLength, layout, info });
  const { memory, table, size } = layout;
  const rows = [
    [
      "size",
      `${wasm.byteLength} bytes, ${size.functions} functions, ` +
        `${size.codeBytes} bytes of code, ${size.dataBytes} of data`,
    ],
    ["memory", memory === null ? "none" : `${memory.initialPages} pages, at most ${memory.maximumPages}`],
    ["table", table === null ? "none" : `${table.initial} entries, at most ${table.maximum}`],
    ...layout.hostImports.map(({ module, name }, index) => [
      index === 0 ? "imports" : "",
      `${module}.${name}`,
    ]),
  ];
  context.terminal.print(rows.map(([label = "", value = ""]) => `${label.padEnd(10)}${value}`).join("\n"));
  context.terminal.notice("Module accepted");
}

async function moduleAt(context: CommandContext, path: string): Promise<Uint8Array> {
  const file = resolve(context.cwd, path);
  const bytes = await onUserPath("read", path, () => {
    if (statSync(file).isDirectory()) return null;
    requireFile(path, file);
    return readFileSync(file);
  });
  return bytes ?? (await buildHere(context, path, { language: undefined, flags: [] })).wasm;
}
