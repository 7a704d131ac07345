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
  const versions = { terrarium: terrariumVersion(), node: process.versions.node, v8: process.versions.v8 };
  terminal.printJson(versions);
  terminal.print(`terrarium ${versions.terrarium} (Node ${versions.node}, V8 ${versions.v8})`);
}
