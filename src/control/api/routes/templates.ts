// The starter projects and examples.
import { LIST_TEMPLATES, SHOW_TEMPLATE } from "../../../api/index.ts";
import { implement, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";

/** Operations about templates. */
export function templateOperations({ templates }: Platform): Operation[] {
  return [
    implement(LIST_TEMPLATES, async ({ answer }) => answer(200, { templates: await templates.list() })),
    implement(SHOW_TEMPLATE, async ({ params, answer }) => answer(200, await templates.read(params.name))),
  ];
}
