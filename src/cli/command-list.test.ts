import { expect, test } from "vitest";
import { COMMAND_GROUPS } from "./command.ts";
import { commandNames, loadCommand } from "./command-list.ts";

test.each(commandNames())("the file of %s exports a command that --help can show", async (name) => {
  const { summary, group, configure } = await loadCommand(name);
  expect(summary).toMatch(/^[a-z][^.]*$/);
  expect(COMMAND_GROUPS).toContain(group);
  expect(configure).toBeTypeOf("function");
});
