// `terrarium templates`: what `terrarium new -t` can create.
import { Templates } from "../../control/templates/templates.ts";
import type { CommandContext, CommandModule } from "../command.ts";

/** The command. */
export const command: CommandModule = {
  summary: "list the templates",
  group: "Projects",
  configure(command, act) {
    command.action(act(run));
  },
};

async function run({ terminal }: CommandContext): Promise<void> {
  const list = await new Templates().list();
  terminal.printJson(list);
  terminal.table(
    ["TEMPLATE", "LANGUAGE", "WHAT IT IS"],
    list.map(({ name, language, summary }) => [name, language, summary]),
  );
}
