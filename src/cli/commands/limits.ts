// `terrarium limits`: the limits of a server, or with `--defaults` those of this version.
import { LIMITS } from "../../config/limits.ts";
import type { LimitList } from "../../api/index.ts";
import { clientFor, withServerOptions } from "../client.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import type { ServerOptions } from "../server-address.ts";

/** The command. */
export const command: CommandModule = {
  summary: "show the limits in force",
  group: "Platform",
  configure(command, act) {
    withServerOptions(command)
      .option("--defaults", "show this version's defaults, without asking a server")
      .action(act(run));
  },
};

async function run(
  context: CommandContext,
  options: ServerOptions & { readonly defaults?: boolean },
): Promise<void> {
  const rows =
    options.defaults === true
      ? defaults()
      : (await clientFor(context, options).json<LimitList>("/api/v1/limits")).limits;
  context.terminal.printJson(rows);
  context.terminal.table(
    ["LIMIT", "VALUE", "CEILING", "UNIT", "OF"],
    rows.map(({ name, value, ceiling, unit, summary }) => [
      name,
      String(value),
      String(ceiling),
      unit,
      summary,
    ]),
  );
}

function defaults(): LimitList["limits"] {
  return Object.entries(LIMITS).map(([name, limit]) => ({ name, value: limit.default, ...limit }));
}
