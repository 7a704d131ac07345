// The empty templates, deployed as they are.
import { expect, it } from "vitest";
import { platformForTests, templateFolder } from "./platform.ts";

const platform = platformForTests();

it.each(["empty-wat", "empty-c", "empty-assemblyscript"])(
  "%s greets whoever asks, over HTTP and HTTPS",
  async (name) => {
    const { id } = await platform().deploy(templateFolder(name));
    for (const secure of [false, true]) {
      const { status, headers, text } = await platform().ask(id, "/somewhere?else", { secure });
      expect([status, headers["content-type"], text.trimEnd()]).toEqual([
        200,
        "text/plain",
        "Hello from /somewhere?else",
      ]);
    }
  },
);
