// Values from outside, held to a schema.
import type { z } from "zod";
import { schemaMessage, schemaProblem } from "../../config/schema-problem.ts";
import { TerrariumError } from "../../errors/index.ts";

/** The value, parsed by the schema. Throws TER_BAD_REQUEST, which names the first problem. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const result = schema.safeParse(value, { error: schemaMessage });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const problem = issue && schemaProblem({ ...issue, path: [where, ...issue.path] }, where);
  throw new TerrariumError("TER_BAD_REQUEST", { reason: `The request is invalid: ${problem}` });
}
