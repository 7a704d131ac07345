// `terrarium build`: compiles and checks a project on this machine, as a server would, and writes the module.
import { LANGUAGE_CHOICE, type Language, LANGUAGES } from "../../languages/index.ts";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CommandContext, CommandModule } from "../command.ts";
import { buildHere } from "../local-build.ts";
import { usage } from "../usage-error.ts";
import { onUserPath } from "../user-path.ts";

/** The command. */
export const command: CommandModule = {
  summary: "build a project here, without deploying it",
  group: "Projects",
  configure(command, act) {
    command
      .argument("[path]", "folder of the project", ".")
      .option("--out <file>", "where to write the module", "module.wasm")
      .option("--lang <language>", `${LANGUAGE_CHOICE} (default: guessed from the files)`)
      .option("--flag <flag...>", "extra compiler flag; may be repeated")
      .action(act(run));
  },
};

interface BuildOptions {
  readonly out: string;
  readonly lang?: string;
  readonly flag?: readonly string[];
}

async function run(context: CommandContext, path: string, options: BuildOptions): Promise<void> {
  const startedMs = performance.now();
  const { wasm, language, layout } = await buildHere(context, path, {
    language: languageNamed(options.lang),
    flags: options.flag ?? [],
  });
  const file = resolve(context.cwd, options.out);
  await onUserPath("write", options.out, () => writeFileSync(file, wasm));
  const ms = Math.round(performance.now() - startedMs);
  context.terminal.printJson({
    file,
    language,
    sizeBytes: wasm.byteLength,
    ms,
    hostImports: layout.hostImports.map(({ module, name }) => `${module}.${name}`),
  });
  context.terminal.print(`${options.out}: ${wasm.byteLength} bytes of ${language} in ${ms} ms`);
}

/** The language of that name. Throws TER_USAGE. */
function languageNamed(name: string | undefined): Language | undefined {
  const language = LANGUAGES.find((one) => one.name === name);
  if (name !== undefined && language === undefined)
    throw usage(`There is no language "${name}"`, `Choose ${LANGUAGE_CHOICE}`);
  return language?.name;
}
