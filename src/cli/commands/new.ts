// `terrarium new [dir]`: creates a project from a template.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { localProjectFiles } from "../../languages/rust/index.ts";
import { Templates } from "../../control/templates/templates.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { usage } from "../usage-error.ts";
import { onUserPath } from "../user-path.ts";
import { makeFolder } from "../../config/make-folder.ts";
import { choose } from "../prompts.ts";
import { shellWord } from "../shell-word.ts";

/** The command. */
export const command: CommandModule = {
  summary: "create a project from a template",
  group: "Projects",
  configure(command, act) {
    command
      .argument("[dir]", "folder to create (default: the template's name)")
      .option("-t, --template <name>", "template to start from (`terrarium templates` lists them)")
      .option("--force", "write into a folder that is not empty, replacing files of the same name")
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
  // For Rust, what cargo needs to build the same program on this machine.
  const all = [...files, ...(await localProjectFiles(basename(folder), files))];
  await onUserPath("make a project in", dir ?? name, () => {
    if (options.force !== true && existsSync(folder) && readdirSync(folder).length > 0)
      throw usage(
        `Folder "${relative(cwd, folder) || folder}" is not empty`,
        "Name another folder, or use --force",
      );
    for (const [path, bytes] of all) {
      makeFolder(dirname(join(folder, path)));
      writeFileSync(join(folder, path), bytes);
    }
  });
  const shown = relative(cwd, folder) || ".";
  terminal.printJson({ folder, template: name, files: [...files.keys()] });
  terminal.print(`Made ${basename(folder)} from ${name}: ${files.size} files`);
  terminal.notice(`Next: terrarium deploy ${shellWord(shown)}`);
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
