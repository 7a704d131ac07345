// `terrarium version`.
import { terrariumVersion } from "../../control/version.ts";
import type { CommandContext, CommandModule } from "../command.ts";

/** The command. */
export const command: CommandModule = {
  summary: "print the version",
  group: "This program",
  configure(command, act) {
    command.action(act(run));
  },
};

async function run({ terminal }: CommandContext): Promise<void> {
  const facts = { terrarium: terrariumVersion(), node: process.versions.node, v8: process.versions.v8 };
  terminal.printJson(facts);
  terminal.print(`terrarium ${facts.terrarium} (Node ${facts.node}, V8 ${facts.v8})`);
}
