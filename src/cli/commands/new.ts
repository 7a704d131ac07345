// `terrarium new [dir]`: creates a project from a template.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { localProjectFiles } from "../../languages/rust/index.ts";
import { Templates } from "../../control/templates/templates.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { usage } from "../usage-error.ts";
import { choose } from "../prompts.ts";

/** The command. */
export const command: CommandModule = {
  summary: "make a project from a template",
  group: "Projects",
  configure(command, act) {
    command
      .argument("[dir]", "folder to make (default: the template's name)")
      .option("-t, --template <name>", "template to start from (`terrarium templates` lists them)")
      .option("--force", "write into a folder that is not empty; files of the same name are replaced")
      .action(act(run));
  },
};

async function run(
  context: CommandContext,
  dir: string | undefined,
  options: { readonly template?: string; readonly force?: boolean },
): Promise<void> {
  const { terminal, cwd } = context;
  const templates = new Templates();
  const name = options.template ?? (await ask(context, templates));
  const files = await templates.files(name);
  const folder = resolve(cwd, dir ?? name);
  if (existsSync(folder) && readdirSync(folder).length > 0 && options.force !== true) {
    throw usage(
      `Folder "${relative(cwd, folder) || folder}" is not empty`,
      "Name another folder, or use --force",
    );
  }
  // For Rust, what cargo needs to build the same program on this machine.
  for (const [path, bytes] of [...files, ...(await localProjectFiles(basename(folder), files))]) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  const shown = relative(cwd, folder) || ".";
  terminal.printJson({ folder, template: name, files: [...files.keys()] });
  terminal.print(`Made ${basename(folder)} from ${name}: ${files.size} files`);
  terminal.notice(`Next: terrarium deploy ${shown}`);
}

async function ask(context: CommandContext, templates: Templates): Promise<string> {
  const list = await templates.list();
  return await choose(
    context,
    "Which template?",
    list.map(({ name, language, summary }) => ({
      value: name,
      label: `${name} (${language})`,
      hint: summary,
    })),
  );
}
